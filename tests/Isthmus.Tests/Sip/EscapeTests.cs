// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>Two users are one only when their octets are, also when these are no UTF-8.</summary>
public sealed class EscapeTests
{
    [Theory]
    [InlineData("sip:%FF@h", "sip:%FE@h")]
    [InlineData("sip:%FF@h", "sip:%EF%BF%BD@h")]
    [InlineData("sip:%FF@h", "sip:%25FF@h")]
    [InlineData("sip:%ED%B3%BF@h", "sip:%FF@h")]
    [InlineData("sip:%C3@h", "sip:%C3%A9@h")]
    public void ToAor_OctetsThatAreNoUtf8_AreKeptApart(string left, string right)
    {
        Assert.True(SipUri.TryParse(left, out SipUri? first));
        Assert.True(SipUri.TryParse(right, out SipUri? second));
        Assert.NotEqual(first.User, second.User);
        Assert.NotEqual(first, second);
        Assert.Equal(left, first.ToAor());
        Assert.Equal(right, second.ToAor());
        Assert.Equal(left, first.WithParameter("x").WithoutParameter("x").ToString());
    }

    [Theory]
    [InlineData("sip:%61lice@H.example.", "sip:alice@h.example")]
    [InlineData("sip:%ff%c3%a9@h", "sip:%FF%C3%A9@h")]
    [InlineData("sip:a%20b@h", "sip:a%20b@h")]
    public void ToAor_SameOctets_AreOneText(string text, string aor)
    {
        Assert.True(SipUri.TryParse(text, out SipUri? uri));
        Assert.Equal(aor, uri.ToAor());
    }

    [Fact]
    public void Decode_AnyOctets_AreEncodedAgain() => Gen.Byte.Array[0, 12].Sample(octets =>
    {
        string escaped = string.Concat(octets.Select(octet => $"%{octet:X2}"));
        string canonical = Escapes.Encode(Escapes.Decode(Encoding.ASCII.GetBytes(escaped)), Characters.User);
        Assert.Equal(octets, Convert.FromHexString(string.Concat(canonical.Length == 0 ? "" : Octets(canonical))));
    });

    private static string Octets(string escaped)
    {
        var hex = new StringBuilder();
        for (int i = 0; i < escaped.Length; i++)
        {
            hex.Append(escaped[i] == '%' ? escaped.Substring(i + 1, 2) : $"{(int)escaped[i]:X2}");
            i += escaped[i] == '%' ? 2 : 0;
        }

        return hex.ToString();
    }
}
