using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.PushedRevocation;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A token by which a server pushes a revocation.</summary>
internal abstract class PushedTokenTarget : FuzzTarget
{
    private static readonly PushedTokenKeys s_keys = FixedKeys.Services.GetRequiredService<PushedTokenKeys>();

    private readonly IntrospectionScheme _scheme = new(FixedKeys.Scheme, FixedKeys.Options);

    public override int MaximumLength => 2048;

    /// <summary>A signature is verified.</summary>
    protected override (int Fixed, int PerByte) Time => (20_000, 50);

    protected abstract PushedTokenExpectations Expectations { get; }

    /// <returns>The subjects, sessions and organizations whose tokens a second reading revokes; null when it refuses the token.</returns>
    protected abstract PlainSubject? ReadPlainly(JoseInput message, out PlainPushedToken? token);

    protected abstract RevokedTokens FindRevoked(PushedToken token);

    public override void Run(byte[] input)
    {
        var message = new JoseInput(input);
        // A new verifier has seen no token before.
        PushedTokenResult result = Measure(
            input,
            () =>
                new PushedTokenVerifier(s_keys)
                    .VerifyAsync(_scheme, message.Text, Expectations, CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
        );
        PlainSubject? expected = ReadPlainly(message, out PlainPushedToken? token);
        if (token is not { IsDoubtful: true } || result.IsAccepted)
            Finding.UnlessEqual(expected is not null, result.IsAccepted, "accepted");
        if (!result.IsAccepted)
            return;

        RevokedTokens revoked = Measure(input, () => FindRevoked(result.Token));
        Finding.UnlessEqual(token!.Id, result.Token.Id, "jti");
        Finding.Unless(expected!.Subjects.SetEquals(revoked.Subjects), "subjects");
        Finding.Unless(expected.Sessions.SetEquals(revoked.Sessions), "sessions");
        Finding.Unless(expected.Organizations.SetEquals(revoked.Organizations), "organizations");
    }
}
