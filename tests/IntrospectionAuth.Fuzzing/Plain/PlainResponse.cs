using System.Globalization;
using System.Security.Claims;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>An introspection response (RFC 7662, section 2.2) read a second time (PROTOCOL R1, R3, R5 to R10, C1 to C3).</summary>
internal sealed class PlainResponse
{
    private const int MaximumDepth = 32; // PROTOCOL I4

    private readonly PlainValue _root;

    private PlainResponse(PlainValue root) => _root = root;

    /// <summary>False for an inactive token.</summary>
    public bool IsActive => _root.Get("active")!.Kind == PlainKind.True;

    public PlainDate? Expiry => DateOf("exp");

    public PlainDate? NotBefore => DateOf("nbf");

    public PlainDate? IssuedAt => DateOf("iat");

    /// <summary>How long the token is valid from when the server was asked, where <c>exp</c> does not say until when.</summary>
    public PlainDate? Lifetime => Expiry is null or { IsClamped: true } ? DateOf("expires_in") : null;

    /// <summary>The issuer; null when there is none, empty when it is not text.</summary>
    public string? Issuer =>
        _root.Get("iss") is { Kind: not PlainKind.Null } value
            ? value.Kind == PlainKind.String
                ? value.Text
                : ""
            : null;

    public IEnumerable<string> Audiences =>
        ElementsOf(_root.Get("aud")).Where(static it => it.Kind == PlainKind.String).Select(static it => it.Text!);

    /// <summary>Name, text and type of every claim, in the order of the response.</summary>
    public IEnumerable<(string Name, string Text, string Type)> Claims =>
        _root.Members.Where(static it => it.Name != "active").SelectMany(static it => ClaimsOf(it.Name!, it.Value));

    /// <summary>The members that say what kind of token it is, each with its values. A value that is not text is null.</summary>
    public IEnumerable<(string Name, string? Word)> Kinds
    {
        get
        {
            foreach ((string? name, PlainValue value) in _root.Members)
            {
                if (name is not ("token_type" or "typ" or "token_use" or "token_usage") || value.Kind == PlainKind.Null)
                    continue;

                PlainValue[] values = [.. ElementsOf(value).Where(static it => it.Kind != PlainKind.Null)];
                if (values.Length == 0)
                    yield return (name, null);
                foreach (PlainValue it in values)
                    yield return (name, it.Kind == PlainKind.String ? it.Text : null);
            }
        }
    }

    public PlainValue? Confirmation => _root.Get("cnf") is { Kind: not PlainKind.Null } value ? value : null;

    /// <returns>The response; null when it is neither active nor inactive.</returns>
    public static PlainResponse? Read(byte[] body)
    {
        if (PlainJson.Parse(PlainJson.WithoutMark(body), MaximumDepth) is not { Kind: PlainKind.Object } root)
            return null;

        // R9 is about the outermost object: members of an object inside may repeat, because claims only show them as they are.
        if (!root.IsUnicode || root.HasMemberTwice || root.Get("active") is not { Kind: PlainKind.True or PlainKind.False })
            return null;

        foreach (string name in (string[])["exp", "nbf", "iat"])
        {
            if (root.Get(name) is { Kind: not PlainKind.Null } value && PlainDate.Read(value) is null)
                return null;
        }

        var response = new PlainResponse(root);
        bool isLifetimeUnreadable = root.Get("expires_in") is { Kind: not PlainKind.Null } lifetime && PlainDate.Read(lifetime) is null;
        return response.IsActive && response.Expiry is null && isLifetimeUnreadable ? null : response;
    }

    private static List<PlainValue> ElementsOf(PlainValue? value) =>
        value is null ? []
        : value.Kind == PlainKind.Array ? value.Items
        : [value];

    private static IEnumerable<(string Name, string Text, string Type)> ClaimsOf(string name, PlainValue value)
    {
        if (name == "scope")
        {
            return ElementsOf(value)
                .Where(static it => it.Kind == PlainKind.String)
                .SelectMany(static it => it.Text!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal)
                .Select(static scope => ("scope", scope, ClaimValueTypes.String));
        }

        return ElementsOf(value)
            .Where(static it => it.Kind != PlainKind.Null)
            .Select(it =>
                it.Kind switch
                {
                    PlainKind.String => (name, it.Text!, ClaimValueTypes.String),
                    PlainKind.Number => (name, it.Raw, IsWhole(it.Raw) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
                    PlainKind.Object => (name, it.Raw, "JSON"),
                    PlainKind.Array => (name, it.Raw, "JSON_ARRAY"),
                    _ => (name, it.Raw, ClaimValueTypes.Boolean),
                }
            );
    }

    private static bool IsWhole(string number) => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private PlainDate? DateOf(string name) => _root.Get(name) is { Kind: not PlainKind.Null } value ? PlainDate.Read(value) : null;
}
