// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using CsCheck;
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MultipartBodyTests
{
    // As an RLS writes it (RFC 4662 §6).
    private const string Related = "multipart/related;type=\"application/rlmi+xml\";start=\"<nXYxAE@pres.vancouver.example.com>\";boundary=\"50UBfW7LSCVLtggUPe5z\"";

    private static readonly string[] Lines =
    [
        "", "--50UBfW7LSCVLtggUPe5z", "Content-Transfer-Encoding: binary", "Content-ID: <bUZBsM@pres.vancouver.example.com>", "Content-Type: application/pidf+xml;charset=\"UTF-8\"", "",
        "<presence/>", "--50UBfW7LSCVLtggUPe5z", "Content-ID: <nXYxAE@pres.vancouver.example.com>", "Content-Type: application/rlmi+xml;charset=\"UTF-8\"", "",
        "<list/>", "", "--50UBfW7LSCVLtggUPe5z--", "an epilogue that nobody reads",
    ];

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void TryParse_Related_HasPartsAndRoot(string lineEnd)
    {
        var body = Read(string.Join(lineEnd, Lines), Related);
        Assert.Equal(2, body.Parts.Length);
        Assert.Equal("<list/>" + lineEnd, Text(body.Root!));
        Assert.Equal("<presence/>", Text(body.Find("bUZBsM@pres.vancouver.example.com")!));
        Assert.Same(body.Parts[0], body.Find("<bUZBsM@pres.vancouver.example.com>"));
        Assert.Equal("application/pidf+xml;charset=\"UTF-8\"", body.Parts[0].ContentType);
        Assert.Null(body.Find("nobody"));
    }

    [Fact]
    public void TryParse_PartWithoutHead_IsText()
    {
        var part = Assert.Single(Read("--b\r\n\r\nhello\r\n--b--", "multipart/mixed;boundary=b").Parts);
        Assert.Equal(("text/plain", null, "hello"), (part.ContentType, part.ContentId, Text(part)));
    }

    [Fact]
    public void TryParse_BoundaryWithinALine_IsContent() =>
        Assert.Equal("a --b\r\n--bc\r\n", Text(Assert.Single(Read("--b\r\n\r\na --b\r\n--bc\r\n\r\n--b--", "multipart/mixed;boundary=b").Parts)));

    [Theory]
    [InlineData("text/plain", "--b--", "this is not a body of several parts")]
    [InlineData(null, "--b--", "this is not a body of several parts")]
    [InlineData("multipart/mixed", "--b--", "the boundary is missing or too long")]
    [InlineData("multipart/mixed;boundary=\"\"", "--b--", "the boundary is missing or too long")]
    [InlineData("multipart/mixed;boundary=b", "", "no part begins")]
    [InlineData("multipart/mixed;boundary=b", "--c--", "no part begins")]
    [InlineData("multipart/mixed;boundary=b", "--b\r\n\r\nhello", "the last part does not end")]
    [InlineData("multipart/mixed;boundary=b", "--b\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--", "a part is encoded in a way that is not read")]
    public void TryParse_AnythingElse_IsAFault(string? type, string body, string reason)
    {
        Assert.False(MultipartBody.TryParse(Encoding.UTF8.GetBytes(body), type, out var multipart, out var fault));
        Assert.Null(multipart);
        Assert.Equal(reason, fault.Reason);
    }

    [Fact]
    public void TryParse_MorePartsThanAllowed_IsAFault()
    {
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("--b\n\n\n", 5_000)) + "--b--");
        Assert.False(MultipartBody.TryParse(body, "multipart/mixed;boundary=b", out _, out var fault));
        Assert.Equal("there are more parts than allowed", fault.Reason);
    }

    [Fact]
    public void WriteTo_PartThatForetellsTheBoundary_GetsAnother()
    {
        string foretold = new MultipartBody([new("text/plain", "hello"u8.ToArray())]).WriteTo(new ArrayBufferWriter<byte>());
        string boundary = foretold[(foretold.LastIndexOf('=') + 1)..];
        var output = new ArrayBufferWriter<byte>();
        string type = new MultipartBody([new("text/plain", Encoding.ASCII.GetBytes($"--{boundary}\r\nhello"))]).WriteTo(output);

        Assert.DoesNotContain(boundary[..^2], type, StringComparison.Ordinal);
        Assert.Equal($"--{boundary}\r\nhello", Text(Assert.Single(Read(Encoding.ASCII.GetString(output.WrittenSpan), type).Parts)));
        Assert.Equal(foretold, new MultipartBody([new("text/plain", "hello"u8.ToArray())]).WriteTo(new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void WriteTo_AnyParts_AreReadAsTheSame() =>
        Gen.Byte.Array[0, 200].Array[1, 5].Sample(contents =>
        {
            var body = new MultipartBody([.. contents.Select(static (content, index) => new BodyPart("application/octet-stream", content) { ContentId = $"{index}@example.com" })]);
            var output = new ArrayBufferWriter<byte>();
            string type = body.WriteTo(output);
            Assert.True(MultipartBody.TryParse(output.WrittenMemory, type, out var again, out var fault), fault?.ToString());
            Assert.Equal(body.Parts.Select(static part => (part.ContentId, Convert.ToHexString(part.Content.Span))), again.Parts.Select(static part => (part.ContentId, Convert.ToHexString(part.Content.Span))));
            Assert.Equal("0@example.com", again.Root!.ContentId);
        });

    private static MultipartBody Read(string body, string type)
    {
        Assert.True(MultipartBody.TryParse(Encoding.UTF8.GetBytes(body), type, out var multipart, out var fault), fault?.ToString());
        return multipart;
    }

    private static string Text(BodyPart part) => Encoding.UTF8.GetString(part.Content.Span);
}
