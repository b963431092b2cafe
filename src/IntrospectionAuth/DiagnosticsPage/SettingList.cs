using System.Globalization;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Collects options with their values as texts. The name is that of the expression: <c>it.Cache.MaximumAge</c>.</summary>
internal sealed class SettingList
{
    private const string NotSet = "not set";

    private readonly List<Setting> _settings = new(96);

    public IReadOnlyList<Setting> Settings => _settings;

    public void Add(object? value, [CallerArgumentExpression(nameof(value))] string name = "") => AddText(name, Describe(value));

    /// <summary>An option whose value is a secret.</summary>
    public void AddSecret(bool isSet, string name) => _settings.Add(new Setting(name, isSet ? "set" : NotSet, IsSecret: true));

    /// <summary>A URL, in whose query or user information someone may have put a secret.</summary>
    public void AddUrl(string? url, [CallerArgumentExpression(nameof(url))] string name = "") =>
        AddText(
            name,
            url is null ? NotSet : ServerUrl.Describe(Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) ? parsed : null) ?? "(no URL)"
        );

    /// <summary>A map whose values may be secrets: its keys.</summary>
    public void AddNames(IDictionary<string, string> map, [CallerArgumentExpression(nameof(map))] string name = "") =>
        AddText(name, map.Count == 0 ? "empty" : string.Join(", ", map.Keys.Order(StringComparer.Ordinal)) + " (values not shown)");

    private void AddText(string expression, string value) =>
        _settings.Add(new Setting(expression[(expression.IndexOf('.', StringComparison.Ordinal) + 1)..], value));

    private static string Describe(object? value) =>
        value switch
        {
            null => NotSet,
            "" => "empty",
            bool flag => flag ? "true" : "false",
            TimeSpan time => LogText.Of(time),
            ClientAuthenticationMethod method => method.Name,
            IDictionary<string, string> map => Join(map.Select(static pair => $"{pair.Key} = {pair.Value}")),
            IEnumerable<string> list => Join(list),
            IEnumerable<int> list => Join(list.Select(static it => it.ToString(CultureInfo.InvariantCulture))),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static string Join(IEnumerable<string> values) => string.Join(", ", values) is { Length: > 0 } text ? text : "empty";
}
