// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Lab;

namespace Isthmus.Tests.Lab.Names;

public sealed class DnsMessageTests
{
    [Fact]
    public void Question_IsReadBack()
    {
        Assert.True(DnsMessage.TryRead(new DnsMessage(0x1234, "_sip._udp.b.example", DnsType.SRV).ToQuery(), out var message));
        Assert.Equal((0x1234, "_sip._udp.b.example.", DnsType.SRV, false), (message.Id, message.Name, message.Type, message.IsResponse));
    }

    [Fact]
    public void Answer_WithCompressedNames_IsRead()
    {
        byte[] answer =
        [
            0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0,
            1, (byte)'b', 0, 0, 33, 0, 1,
            0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 11, 0, 10, 0, 50, 0x13, 0xc4, 2, (byte)'s', (byte)'2', 0xc0, 12,
        ];
        Assert.True(DnsMessage.TryRead(answer, out var message));
        Assert.True(message is { IsResponse: true, IsAuthoritative: true, ResponseCode: 0 });
        Assert.Equal(new DnsAnswer("b.", DnsType.SRV, 60, "10 50 5060 s2.b."), Assert.Single(message.Answers));
    }

    [Fact]
    public void Bytes_OfAnyKind_AreReadOrRefused() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        byte[] withOneQuestion = [.. bytes.Take(4), 0, 1, 0, 3, .. bytes.Skip(4)];
        return DnsMessage.TryRead(withOneQuestion, out _) || true;
    });
}
