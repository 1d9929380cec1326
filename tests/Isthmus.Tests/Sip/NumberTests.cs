// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using CsCheck;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class NumberTests
{
    [Fact]
    public void Write_AnyNumber_IsAsThePlatformWritesIt() => Gen.OneOf(Gen.UInt, Gen.UInt[0, 1000], Gen.Const(uint.MaxValue)).Sample(value =>
    {
        Span<byte> text = stackalloc byte[Numbers.MostDigits];
        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text[..Numbers.Write(value, text)]));
        Assert.True(Numbers.TryParse(text[..Numbers.Write(value, text)], uint.MaxValue, out uint read) && read == value);
    });
}
