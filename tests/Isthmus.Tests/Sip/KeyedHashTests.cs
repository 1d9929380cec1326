// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

/// <summary>The published vectors: the key is 00 01 … 0f, the text 00 01 … as long as the row says.</summary>
public sealed class KeyedHashTests
{
    private static readonly byte[] Octets = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Of_Vector_IsSipHash24(int length, ulong expected) => Assert.Equal(expected, KeyedHash.From(Octets).Of(Octets.AsSpan(0, length)));

    [Theory]
    [InlineData(0, 0xabac0158050fc4dc)]
    [InlineData(1, 0xc9f49bf37d57ca93)]
    [InlineData(2, 0x82cb9b024dc7d44d)]
    [InlineData(3, 0x8bf80ab8e7ddf7fb)]
    public void Quick_Vector_IsSipHash13(int length, ulong expected) => Assert.Equal(expected, KeyedHash.From(Octets).Quick(Octets.AsSpan(0, length)));

    [Fact]
    public void Random_TwoKeys_AreNotOne() => Assert.NotEqual(KeyedHash.Random().Of(Octets), KeyedHash.Random().Of(Octets));

    [Fact]
    public void CallIdHash_TextAndBytes_AreOneNumber()
    {
        Assert.Equal(CallIdHash.Of("c1@h"u8), CallIdHash.Of("c1@h"));
        Assert.Equal(CallIdHash.Of(new string('x', 1000)), CallIdHash.Of(System.Text.Encoding.ASCII.GetBytes(new string('x', 1000))));
        Assert.NotEqual(CallIdHash.Of("c1@h"), CallIdHash.Of("c2@h"));
    }
}
