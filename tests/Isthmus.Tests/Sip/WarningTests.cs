// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class WarningTests
{
    [Theory]
    [InlineData("301 [2001:db8::1]:5060 \"Incompatible network address formats: use IP4\"", 301, "[2001:db8::1]:5060", "Incompatible network address formats: use IP4")]
    [InlineData("370 h \"a \\\"b\\\", c\"", 370, "h", "a \"b\", c")]
    [InlineData("  399  a.example  \"\"  ", 399, "a.example", "")]
    [InlineData("300 h no quotes", 300, "h", "no quotes")]
    [InlineData("300 h \"never closed", 300, "h", "never closed")]
    [InlineData("300 h", 300, "h", "")]
    public void TryParse_Value_IsRead(string value, int code, string agent, string text)
    {
        Assert.True(Warning.TryParse(value, out Warning warning));
        Assert.Equal(new Warning(code, agent, text), warning);
        Assert.True(Warning.TryParse(warning.ToString(), out Warning again));
        Assert.Equal(warning, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("301")]
    [InlineData("3x1 h \"a\"")]
    [InlineData("1812 overture \"In Progress\"")]
    [InlineData("-30 h \"a\"")]
    public void TryParse_NoCode_IsRefused(string value) => Assert.False(Warning.TryParse(value, out _));
}
