// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MediaTypeTests
{
    [Fact]
    public void Parse_Parameters_AreUnquoted()
    {
        var type = MediaType.Parse("Multipart/Related; TYPE=\"application/rlmi+xml\" ;start=\"<a\\\"b@c>\"; boundary=50UBfW7LSCVLtggUPe5z")!;
        Assert.Equal("multipart/related", type.Name);
        Assert.Equal("application/rlmi+xml", type.Parameter("type"));
        Assert.Equal("<a\"b@c>", type.Parameter("Start"));
        Assert.Equal("50UBfW7LSCVLtggUPe5z", type.Parameter("boundary"));
        Assert.Null(type.Parameter("charset"));
        Assert.Equal("multipart/related;type=\"application/rlmi+xml\";start=\"<a\\\"b@c>\";boundary=50UBfW7LSCVLtggUPe5z", type.ToString());
        Assert.Equal(type.ToString(), MediaType.Parse(type.ToString())!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("/plain")]
    [InlineData("text/")]
    [InlineData("text /plain")]
    [InlineData(";charset=utf-8")]
    public void Parse_NoMediaType_IsNull(string? value) => Assert.Null(MediaType.Parse(value));

    [Theory]
    [InlineData("text/plain;a=1;b", 1)]
    [InlineData("text/plain;a=\"1", 0)]
    [InlineData("text/plain;=1;a=1", 0)]
    [InlineData("text/plain;", 0)]
    [InlineData("text/plain;a=1;b=2", 2)]
    public void Parse_ParameterThatCannotBeRead_EndsThem(string value, int count) => Assert.Equal(count, MediaType.Parse(value)!.Parameters.Length);
}
