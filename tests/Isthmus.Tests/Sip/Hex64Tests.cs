// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class Hex64Tests
{
    [Fact]
    public void Write_AnyNumber_IsItsSixteenDigits() => Gen.ULong.Sample(value =>
    {
        Span<byte> text = stackalloc byte[20];
        text.Fill((byte)'-');
        Hex64.Write(value, text);
        Assert.Equal(value.ToString("x16", CultureInfo.InvariantCulture) + "----", Encoding.ASCII.GetString(text));
    });

    [Fact]
    public void TryRead_InSmallLettersOrCapitals_IsTheNumber() => Gen.Select(Gen.ULong, Gen.Bool).Sample((value, capitals) =>
    {
        string text = value.ToString(capitals ? "X16" : "x16", CultureInfo.InvariantCulture);
        Assert.True(Hex64.TryRead(Encoding.ASCII.GetBytes(text), out ulong read));
        Assert.Equal(value, read);
    });

    [Fact]
    public void TryRead_AnyOctetInAnyPlace_IsTakenWhereItIsADigit()
    {
        for (int octet = 0; octet < 256; octet++)
        {
            for (int place = 0; place < Hex64.Length; place++)
            {
                byte[] text = "0123456789abcdef"u8.ToArray();
                text[place] = (byte)octet;
                Assert.Equal(char.IsAsciiHexDigit((char)octet), Hex64.TryRead(text, out _));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdef0")]
    public void TryRead_OtherLength_IsNone(string text) => Assert.False(Hex64.TryRead(Encoding.ASCII.GetBytes(text), out _));
}
