using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Http;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Looks up a host, connects to it, and checks its certificate: what each request to it does first.</summary>
/// <param name="options">The options of the scheme.</param>
/// <param name="time">The clock.</param>
internal sealed class HostCheck(OAuthIntrospectionOptions options, TimeProvider time)
{
    /// <summary>A step waits no longer, regardless of the options of the scheme.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks the host of a URL. A host that was checked before has no steps.</summary>
    public async IAsyncEnumerable<Step> RunAsync(Uri url, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_seen.Add(url.GetLeftPart(UriPartial.Authority)))
            yield break;

        Uri? proxy = FindProxy(url);
        Uri direct = proxy ?? url;
        string target = $"{direct.Host}:{direct.Port.ToString(CultureInfo.InvariantCulture)}";
        using var timeout = new CancellationTokenSource(options.Timeout < s_longestWait ? options.Timeout : s_longestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        (IPAddress[] addresses, Step found) = await LookUpAsync(direct, proxy is null ? null : VariableOf(url), either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        yield return found;
        if (found.Verdict == Verdict.Fail)
        {
            yield return Step.Skip(StepNames.Tcp, "The host was not found.", target);
            yield return Step.Skip(StepNames.Tls, "The host was not found.", target);
            yield break;
        }

        using var client = new TcpClient();
        Step connected = await ConnectAsync(client, addresses, direct, proxy is null ? null : VariableOf(url), target, either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        yield return connected;
        if (connected.Verdict == Verdict.Fail)
        {
            yield return Step.Skip(StepNames.Tls, "There is no connection.", target);
        }
        else if (url.Scheme == Uri.UriSchemeHttp)
        {
            yield return DescribePlainHttp(url, target);
        }
        else if (proxy is not null)
        {
            yield return Step.Skip(StepNames.Tls, "The proxy makes the connection. The next steps show whether the certificate is valid.");
        }
        else
        {
            Step secured = await TlsCheck.RunAsync(client.GetStream(), url.IdnHost, options, time, target, either.Token);
            cancellationToken.ThrowIfCancellationRequested();
            yield return secured;
        }
    }

    /// <summary>The proxy that requests to the URL go through; null when they go directly.</summary>
    private static Uri? FindProxy(Uri url) =>
        ServerUrl.IsLoopback(url) || HttpClient.DefaultProxy.IsBypassed(url) ? null
        : HttpClient.DefaultProxy.GetProxy(url) is { } proxy && proxy != url ? proxy
        : null;

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is a finding.")]
    private static async Task<(IPAddress[] Addresses, Step Step)> LookUpAsync(
        Uri url,
        string? proxyVariable,
        CancellationToken cancellationToken
    )
    {
        string kind = proxyVariable is null ? "" : "proxy ";
        if (IPAddress.TryParse(url.IdnHost, out IPAddress? literal))
            return ([literal], Step.Skip(StepNames.Dns, $"{url.Host} is an address, not a name.", url.Host));

        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(url.IdnHost, cancellationToken);
            if (addresses.Length > 0)
                return (addresses, Step.Ok(StepNames.Dns, $"{kind}{url.Host} is {string.Join(", ", addresses.Take(3))}", url.Host));
        }
        catch (Exception)
        {
            // said below
        }

        string remedy = proxyVariable is not null
            ? CorrectProxy(proxyVariable)
            : "Correct the host in Authority or IntrospectionEndpoint, or check the DNS of this machine.";
        return ([], Step.Fail(StepNames.Dns, $"The {kind}host {url.Host} is not found.", remedy, url.Host));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Every failure is a finding.")]
    private async Task<Step> ConnectAsync(
        TcpClient client,
        IPAddress[] addresses,
        Uri url,
        string? proxyVariable,
        string target,
        CancellationToken cancellationToken
    )
    {
        string name = proxyVariable is null ? target : $"the proxy {target}";
        long started = time.GetTimestamp();
        try
        {
            await client.ConnectAsync(addresses, url.Port, cancellationToken);
            string milliseconds = time.GetElapsedTime(started).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            return Step.Ok(StepNames.Tcp, $"{target} accepts connections ({milliseconds} ms)", target);
        }
        catch (OperationCanceledException)
        {
            return Step.Fail(
                StepNames.Tcp,
                $"{Capitalize(name)} does not accept a connection in time.",
                proxyVariable is not null
                    ? CorrectProxy(proxyVariable)
                    : "A firewall probably drops the packets. Allow this connection, or correct the host and port.",
                target
            );
        }
        catch (Exception exception)
        {
            bool isRefused = exception is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return Step.Fail(
                StepNames.Tcp,
                isRefused ? $"Nothing listens on {name}." : $"{Capitalize(name)} cannot be reached: {Describe(exception)}.",
                proxyVariable is not null
                    ? CorrectProxy(proxyVariable)
                    : "Start the authorization server, or correct the port in Authority or IntrospectionEndpoint.",
                target
            );
        }
    }

    private Step DescribePlainHttp(Uri url, string target) =>
        ServerUrl.IsLoopback(url)
            ? Step.Skip(StepNames.Tls, "Plain http to this machine needs no certificate.", target)
            : Step.Warn(
                StepNames.Tls,
                $"Tokens and secrets go to {url.Host} unencrypted.",
                options.RequireHttps ? "Use https." : "Use https, unless something else encrypts that network, a service mesh for example.",
                target
            );

    /// <summary>The variable that names the proxy of a URL.</summary>
    private static string VariableOf(Uri url) => url.Scheme == Uri.UriSchemeHttp ? "HTTP_PROXY" : "HTTPS_PROXY";

    private static string CorrectProxy(string variable) =>
        $"Correct the variable {variable}, or list the authorization server in NO_PROXY.";

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Describe(Exception exception) =>
        exception is SocketException socket ? socket.SocketErrorCode.ToString() : exception.GetType().Name;
}
