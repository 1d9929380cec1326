// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Sip;

public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("application/pidf+xml", true)]
    [InlineData("Application/PIDF+xml", true)]
    [InlineData("application/pidf+xml;charset=UTF-8", true)]
    [InlineData("application / pidf+xml ; charset=UTF-8", true)]
    [InlineData("application/pidf+xmlx", false)]
    [InlineData("text/plain;a=application/pidf+xml", false)]
    [InlineData("application/pidf", false)]
    public void HasContentType_OfAnySpelling_ComparesTypeAndSubtype(string written, bool isSo) => Assert.Equal(isSo, With($"Content-Type: {written}\r\n").HasContentType("application/pidf+xml"));

    [Fact]
    public void HasContentType_WithoutAny_IsFalse() => Assert.False(With("").HasContentType("application/pidf+xml"));

    private static SipMessage With(string field) => SipParser.Parse(Encoding.ASCII.GetBytes(
        $"PUBLISH sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 PUBLISH\r\n{field}Content-Length: 0\r\n\r\n"), new ParserLimits()).Message!;
}
