namespace IntrospectionAuth.Tests.Tokens;

/// <summary><c>Authorization</c> values with the scheme Bearer that are not <c>Bearer b64token</c> (RFC 6750, section 2.1).</summary>
public sealed class MalformedHeaders : TheoryData<string>
{
    public MalformedHeaders()
    {
        // no token
        Add("Bearer");
        Add("bearer");
        Add("Bearer ");
        Add("Bearer      ");

        // padding in the wrong place, or nothing but padding
        Add("Bearer =");
        Add("Bearer ====");
        Add("Bearer a=b");
        Add("Bearer =abc");

        // more than one token
        Add("Bearer good good");
        Add("Bearer good ");
        Add("Bearer good,good");
        Add("Bearer good, Bearer good");
        Add("Bearer good, Basic YTpi");

        // characters outside b64token
        Add("Bearer \"good\"");
        Add("Bearer 'good'");
        Add("Bearer good\\");
        Add("Bearer good:good");
        Add("Bearer good;good");
        Add("Bearer good&token=other");
        Add("Bearer good%20");
        Add("Bearer %s%s%n");
        Add("Bearer {0}");
        Add("Bearer <good>");
        Add("Bearer good!");
        Add("Bearer good\t");
        Add("Bearer \tgood");
        Add("Bearer go\tod");
        Add("Bearer good\0");
        Add("Bearer \0");
        Add("Bearer good\r\nX-Injected: yes");
        Add("Bearer good\n");
        Add("Bearer good\r");
        Add("Bearer good\u007F");
        Add("Bearer tok\u00E9n");
        Add("Bearer g\u043E\u043Ed"); // Cyrillic o
        Add("Bearer good\u00A0");
        Add("Bearer \u00A0good");
        Add("Bearer good\u200B");
        Add("Bearer \uFF47\uFF4F\uFF4F\uFF44"); // full width
        Add("Bearer \U0001F600");
    }
}
