namespace IntrospectionAuth.Tests.Responses;

/// <summary>Bodies that are unusable: neither active nor inactive.</summary>
public sealed class UnusableBodies : TheoryData<string>
{
    public UnusableBodies()
    {
        // not a JSON object
        Add("");
        Add("   ");
        Add("null");
        Add("true");
        Add("1");
        Add("\"active\"");
        Add("[]");
        Add("""[{"active":true}]""");
        Add("<!DOCTYPE html><html><body>Sign in</body></html>");
        Add("active=true");
        Add("eyJhbGciOiJub25lIn0.eyJhY3RpdmUiOnRydWV9.");

        // no member "active", or not a boolean
        Add("{}");
        Add("""{"error":"invalid_client"}""");
        Add("""{"data":{"active":true}}""");
        Add("""{"Active":true}""");
        Add("""{"ACTIVE":true}""");
        Add("""{"active ":true}""");
        Add("""{"active":null}""");
        Add("""{"active":"true"}""");
        Add("""{"active":"false"}""");
        Add("""{"active":""}""");
        Add("""{"active":1}""");
        Add("""{"active":0}""");
        Add("""{"active":[true]}""");
        Add("""{"active":[]}""");
        Add("""{"active":{}}""");

        // a member twice
        Add("""{"active":true,"active":true}""");
        Add("""{"active":false,"active":true}""");
        Add("""{"active":true,"active":false}""");
        Add("""{"active":null,"active":true}""");
        Add("""{"active":true,"\u0061ctive":true}""");
        Add("""{"\u0061ctive":false,"active":true}""");
        Add("""{"active":true,"sub":"a","sub":"a"}""");
        Add("""{"active":true,"sub":"a","s\u0075b":"b"}""");
        Add("""{"active":true,"exp":9999999999,"exp":1}""");
        Add("""{"active":true,"scope":"read","scope":"write"}""");
        Add("""{"active":true,"cnf":null,"cnf":null}""");
        Add("""{"active":true,"x/y":1,"x\/y":1}""");
        Add("""{"active":false,"x":1,"x":1}""");

        // not JSON
        Add("""{"active":True}""");
        Add("""{"active":truefalse}""");
        Add("{active:true}");
        Add("{'active':true}");
        Add("""{"active":true""");
        Add("""{"active":true,}""");
        Add("""{"active":true,"sub":}""");
        Add("""{"active":true,"x":NaN}""");
        Add("""{"active":true,"x":01}""");
        Add("""{"active":true,"x":"a""");
        Add("{\"active\":true,\"x\":\"\t\"}");
        Add("""{"active":true/* yes */}""");
        Add("// yes\n{\"active\":true}");
        Add(")]}',\n{\"active\":true}");
        Add("\uFEFF\uFEFF{\"active\":true}");

        // something after it
        Add("""{"active":true}}""");
        Add("""{"active":true}{"active":true}""");
        Add("""{"active":true} x""");
        Add("""{"active":true}/* yes */""");
        Add("{\"active\":true}\0");
        Add("""{"active":false}{"active":true}""");

        // strings that are not Unicode
        Add("""{"active":true,"sub":"\ud800"}""");
        Add("""{"active":true,"sub":"\udc00\ud800"}""");
        Add("""{"active":true,"\ud800":"a"}""");
        Add("""{"active":true,"scope":["read","\ud800"]}""");

        // dates that are not
        Add("""{"active":true,"exp":" 9999999999"}""");
        Add("""{"active":true,"exp":"never"}""");
        Add("""{"active":true,"expires_in":"never"}""");
        Add("""{"active":true,"exp":"2099-01-01T00:00:00Z"}""");
        Add("""{"active":true,"exp":-1}""");
        Add("""{"active":true,"exp":1e400}""");
        Add("""{"active":true,"exp":true}""");
        Add("""{"active":true,"nbf":[]}""");
        Add("""{"active":true,"iat":{}}""");
    }
}
