using System.Buffers;
using Characters = IntrospectionAuth.Tokens.TokenCharacters;

namespace IntrospectionAuth;

/// <content>Where tokens are read from and what they may look like.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets further characters that a token may hold.</summary>
    /// <value>
    /// The default is an empty string: a token holds letters, digits and <c>-._~+/</c>, and ends with any number of <c>=</c> (RFC 6750,
    /// section 2.1). Visible ASCII characters, but no comma, quote, apostrophe or backslash: <c>!</c> for the tokens of Salesforce.
    /// </value>
    /// <remarks>They are accepted wherever this scheme reads a token, and in a token that this API obtains for itself by
    /// <see cref="ClientAuthenticationMethod.ClientCredentials"/>.</remarks>
    /// <exception cref="ArgumentException">The value has a character that cannot be added.</exception>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string AdditionalTokenCharacters
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.All(Characters.MayBeAdded))
            {
                throw OptionValue.Invalid(
                    "AdditionalTokenCharacters has a character that cannot be added. "
                        + "Use visible ASCII characters except comma, quote, apostrophe and backslash, without separators."
                );
            }

            TokenCharacters = Characters.With(value);
            field = value;
        }
    } = "";

    /// <summary>Gets or sets the length of the longest token that is looked at, in characters.</summary>
    /// <value>The default is 16,384. At least 1. A longer token is 400 <c>invalid_request</c>, without a call.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int MaximumTokenLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 16_384;

    /// <summary>Gets where a token may be beside the <c>Authorization</c> header.</summary>
    public OAuthIntrospectionTokenRetrievalOptions TokenRetrieval { get; } = new();

    /// <summary>Gets what this server's tokens look like, so that others cost no call.</summary>
    public OAuthIntrospectionTokenFilter TokenFilter { get; } = new();

    /// <summary>What a token may hold; null: what bearer tokens do.</summary>
    internal SearchValues<char>? TokenCharacters { get; private set; }
}
