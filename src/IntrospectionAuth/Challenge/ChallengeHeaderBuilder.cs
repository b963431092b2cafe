using System.Text;

namespace IntrospectionAuth.Challenge;

/// <summary>
/// Builds a value of <c>WWW-Authenticate</c>: <c>Bearer …</c> or <c>DPoP …</c> (RFC 6750, section 3; RFC 9449, section 7.1; RFC 9110,
/// section 11.6.1).
/// </summary>
internal struct ChallengeHeaderBuilder(string scheme)
{
    public const string Bearer = "Bearer";
    public const string DPoP = "DPoP";

    private StringBuilder? _parameters;

    /// <summary>Adds a parameter as a quoted string, unless it is null.</summary>
    public void Add(string name, string? value)
    {
        if (value is null)
            return;

        _parameters = _parameters is null ? new StringBuilder(scheme).Append(' ') : _parameters.Append(", ");
        _parameters.Append(name).Append("=\"");
        foreach (char character in value)
        {
            // A quoted string cannot hold control characters, and only ASCII is portable.
            if (character is < ' ' or > '~')
                _parameters.Append('?');
            else if (character is '"' or '\\')
                _parameters.Append('\\').Append(character);
            else
                _parameters.Append(character);
        }

        _parameters.Append('"');
    }

    public override readonly string ToString() => _parameters?.ToString() ?? scheme;
}
