using System.Buffers;
using Characters = IntrospectionAuth.Tokens.TokenCharacters;

namespace IntrospectionAuth;

/// <content>Where tokens are read from and what they may look like.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets characters that a token may contain in addition to those of RFC 6750.</summary>
    /// <value>
    /// The default is an empty string: a token consists of letters, digits and <c>-._~+/</c>, and ends with any number of <c>=</c> (RFC
    /// 6750, section 2.1). Visible ASCII characters except comma, quote, apostrophe and backslash. Tokens of Salesforce need <c>!</c>.
    /// </value>
    /// <remarks>
    /// They are accepted wherever this scheme reads a token, and in a token that this API obtains for itself
    /// (<see cref="ClientAuthenticationMethod.ClientCredentials"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">The value contains a character that cannot be added.</exception>
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

    /// <summary>Gets or sets the length of the longest accepted token, in characters.</summary>
    /// <value>The default is 16,384. 1 or more. A longer token yields 400 <c>invalid_request</c>, without a call.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumTokenLength
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 16_384;

    /// <summary>Gets where a token may be in addition to the <c>Authorization</c> header.</summary>
    public OAuthIntrospectionTokenRetrievalOptions TokenRetrieval { get; } = new();

    /// <summary>Gets what tokens of this server look like, so that other tokens cost no call.</summary>
    public OAuthIntrospectionTokenFilter TokenFilter { get; } = new();

    /// <summary>The characters of a token; null for those of RFC 6750.</summary>
    internal SearchValues<char>? TokenCharacters { get; private set; }
}
