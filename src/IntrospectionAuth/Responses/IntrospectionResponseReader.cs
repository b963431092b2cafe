using System.Security.Claims;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads the body of an introspection response (RFC 7662, section 2.2).</summary>
/// <remarks>
/// It is strict, because "active" grants access: exactly one boolean <c>active</c>, no member twice, valid dates. Any other body is
/// unusable: neither active nor inactive.
/// </remarks>
internal ref struct IntrospectionResponseReader
{
    private const int MaximumDepth = 32;

    // The usual numbers: a list that grows is copied. A scope is one member with several values.
    private const int UsualMembers = 16,
        UsualValues = 24;

    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _keepsBody;
    private readonly DateTimeOffset _askedAt;
    private readonly StringPool _strings;
    private readonly HashSet<string> _names = new(UsualMembers, StringComparer.Ordinal);
    private readonly List<MemberValue> _members = new(UsualValues);
    private readonly List<string> _audiences = [];
    private readonly List<string> _unknownUses = [];
    private Utf8JsonReader _json;
    private bool? _active;
    private ResponseDates _dates;
    private string? _issuer;
    private TokenKind _kind;
    private Confirmation? _confirmation;
    private bool _isDPoP,
        _isBoundOtherwise;

    private IntrospectionResponseReader(ReadOnlySpan<byte> body, DateTimeOffset askedAt, StringPool strings, bool keepsBody)
    {
        _body = body;
        _keepsBody = keepsBody;
        _askedAt = askedAt;
        _strings = strings;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaximumDepth });
    }

    /// <param name="body">The body.</param>
    /// <param name="askedAt">The time of the request, from which <c>expires_in</c> counts.</param>
    /// <param name="strings">The strings that cached responses share; null when this one is not cached.</param>
    /// <param name="keepsBody">Whether the reading keeps a copy of the body of an active response.</param>
    public static BodyReading Read(ReadOnlySpan<byte> body, DateTimeOffset askedAt, StringPool? strings = null, bool keepsBody = false)
    {
        body = StrictJson.WithoutByteOrderMark(body);
        if (!Utf8.IsValid(body))
            return BodyReading.InvalidResponse("it is not UTF-8");

        try
        {
            return new IntrospectionResponseReader(body, askedAt, strings ?? StringPool.None, keepsBody).ReadResponse();
        }
        catch (JsonException)
        {
            // The exception is dropped: its message names members of the response.
            return BodyReading.InvalidResponse("it is not JSON, or nested too deeply");
        }
        catch (InvalidOperationException)
        {
            return BodyReading.InvalidResponse("it has a string that is not Unicode"); // an escaped lone surrogate
        }
    }

    private BodyReading ReadResponse()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
            return BodyReading.InvalidResponse("it is not a JSON object");

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonValueReader.ReadString(ref _json, _strings);
            if (!_names.Add(name))
                return BodyReading.InvalidResponse("it has a member twice");

            _json.Read();
            if (ReadMember(name) is { } fault)
                return BodyReading.InvalidResponse(fault);
        }

        _json.Read(); // throws if anything follows the object

        return _active switch
        {
            null => BodyReading.InvalidResponse("it has no member 'active'"),
            false => BodyReading.Inactive,
            true => _dates.ApplyLifetime(_askedAt) is { } fault
                ? BodyReading.InvalidResponse(fault)
                : BodyReading.Active(CreateResponse(), _dates.HasClampedDate, _keepsBody ? _body.ToArray() : null),
        };
    }

    /// <returns>What is wrong with the member, or null.</returns>
    private string? ReadMember(string name)
    {
        if (_dates.Read(name, _json) is { } fault)
            return fault;

        JsonTokenType type = _json.TokenType;
        switch (name)
        {
            case MemberNames.Active:
                _active = type is JsonTokenType.True or JsonTokenType.False ? type == JsonTokenType.True : null;
                return _active is null ? "its member 'active' is not a boolean" : null;
            case MemberNames.Confirmation:
                _confirmation = ConfirmationReader.Read(_json);
                break;
            case MemberNames.Issuer:
                _issuer = type switch
                {
                    JsonTokenType.String => JsonValueReader.ReadString(ref _json, _strings),
                    JsonTokenType.Null => null,
                    _ => "", // present, but not a name
                };
                break;
        }

        int first = _members.Count;
        JsonValueReader.Read(ref _json, _body, name, _strings, _members);

        if (name == MemberNames.Audience)
            NoteAudiences(first);
        else if (TokenKindReader.IsTypeMember(name) && type != JsonTokenType.Null)
            NoteKind(name, first);
        return null;
    }

    private readonly void NoteAudiences(int first)
    {
        for (int i = first; i < _members.Count; i++)
        {
            if (_members[i].ValueType == ClaimValueTypes.String)
                _audiences.Add(_members[i].Text);
        }
    }

    /// <summary>
    /// Keeps the kind that is farthest from an access token. A value that is not a string is not an access token.
    /// </summary>
    private void NoteKind(string name, int first)
    {
        if (first == _members.Count)
            _kind = TokenKind.Other;

        for (int i = first; i < _members.Count; i++)
        {
            bool isString = _members[i].ValueType == ClaimValueTypes.String;
            TokenKind kind = isString ? TokenKindReader.Read(name, _members[i].Text) : TokenKind.Other;
            if (kind == TokenKind.Unknown)
                _unknownUses.Add(_members[i].Text);
            _kind = kind > _kind ? kind : _kind;
            _isDPoP |= isString && TokenKindReader.IsDPoP(_members[i].Text);
            _isBoundOtherwise |= isString && TokenKindReader.IsBoundOtherwise(_members[i].Text);
        }
    }

    /// <summary>A token type that requires a proof binds the token too, with or without <c>cnf</c>.</summary>
    private readonly Confirmation? FindConfirmation() =>
        _isBoundOtherwise || (_isDPoP && _confirmation?.JwkThumbprint is null) ? Confirmation.NotUnderstood : _confirmation;

    private readonly IntrospectionResponse CreateResponse() =>
        new()
        {
            ExpiresAt = _dates.ExpiresAt,
            IsExpiryUncertain = _dates.IsExpiryUncertain,
            NotBefore = _dates.NotBefore,
            IssuedAt = _dates.IssuedAt,
            Issuer = _issuer,
            Audiences = [.. _audiences],
            Kind = _kind,
            UnknownUses = [.. _unknownUses],
            Confirmation = FindConfirmation(),
            Members = [.. _members],
        };
}
