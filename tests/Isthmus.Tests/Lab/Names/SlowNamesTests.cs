// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Lab;

namespace Isthmus.Tests.Lab.Names;

public sealed class SlowNamesTests
{
    [Theory]
    [InlineData("_sip._udp.domain7.example", "SRV", "10 50 5060 sip.domain7.example.")]
    [InlineData("sip.domain7.example", "A", "203.0.113.20")]
    [InlineData("sip.domain7.example", "AAAA", "2001:db8:0:f::20")]
    [InlineData("domain7.example", "NAPTR", null)]
    [InlineData("_sip._tcp.domain7.example", "SRV", null)]
    public void Answer_OfAnyDomain_LeadsToTheOneServer(string name, string type, string? expected)
    {
        Assert.True(DnsMessage.TryRead(Answer(name, Enum.Parse<DnsType>(type)), out DnsMessage? answer));
        Assert.True(answer is { IsResponse: true, IsAuthoritative: true, ResponseCode: 0, Id: 7 });
        Assert.Equal(expected is null ? [] : [(expected, 1u)], answer.Answers.Select(record => (record.Data, record.Seconds)));
    }

    [Fact]
    public void Answer_OfASilentDomain_IsNone() => Assert.Null(Answer("silent3.example", DnsType.NAPTR));

    private static byte[]? Answer(string name, DnsType type) =>
        SlowNames.Answer(new DnsMessage(7, name, type).ToQuery(), [IPAddress.Parse("2001:db8:0:f::20"), IPAddress.Parse("203.0.113.20")]);
}
