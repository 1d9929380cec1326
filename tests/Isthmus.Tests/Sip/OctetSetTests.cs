// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class OctetSetTests
{
    private const string Members = "abcXYZ059;:<>@~\0";

    [Fact]
    public void Has_EveryOctet_IsAsTheSetWasMade()
    {
        OctetSet set = OctetSet.Of(Members);
        Assert.All(Enumerable.Range(0, 256), octet => Assert.Equal(Members.Contains((char)octet, StringComparison.Ordinal), set.Has((byte)octet)));
    }

    [Fact]
    public void Scan_AnyTextFromAnyPlace_EndsWhereOneByOneEnds() => Gen.Select(Gen.OneOf(SipGen.OneOf(Encoding.ASCII.GetBytes(Members)), Gen.Byte).Array[0, 50], Gen.Int[0, 50]).Sample((text, at) =>
    {
        OctetSet set = OctetSet.Of(Members);
        at = Math.Min(at, text.Length);
        int other = at, member = at;
        while (other < text.Length && set.Has(text[other]))
        {
            other++;
        }

        while (member < text.Length && !set.Has(text[member]))
        {
            member++;
        }

        Assert.Equal(other, Scan.Over(text, at, set));
        Assert.Equal(member, Scan.To(text, at, set));
    });
}
