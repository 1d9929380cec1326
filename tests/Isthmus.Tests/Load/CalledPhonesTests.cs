// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Load;

namespace Isthmus.Tests.Load;

public sealed class CalledPhonesTests
{
    [Theory]
    [InlineData("INVITE ACK BYE", 0)]
    [InlineData("INVITE BYE ACK", 0)] // overtaken, as any datagram may be
    [InlineData("INVITE BYE", 1)]
    public void Work_AckBeforeOrAfterTheBye_IsNotMissing(string methods, int missing)
    {
        var addresses = new PhoneAddresses(PhoneRole.Callee, IsIPv4: true, 1);
        var wire = new ScriptedWire();
        var phones = new CalledPhones(wire, new Surroundings { Callers = addresses, CallerPort = 5060, Callees = addresses, CalleePort = 5060, Users = 1 }, 4);
        phones.BeginRun();
        foreach (string method in methods.Split(' '))
        {
            wire.Arrived = $"{method} sip:u1@127.2.100.100:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@load.test>;tag=1\r\nTo: <sip:b@load.test>\r\n"
                + $"Call-ID: {CallNumber.Of(2, 7):x16}-run@load.test\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";
            phones.Work(0);
        }

        var result = new LoadResult();
        phones.EndRun(result);
        Assert.Equal((missing, 0), (result.MissingAcks, result.Strays));
    }

    [Theory]
    [InlineData("<note>state 0002000000000007</note>", true)]
    [InlineData("<note>state of affairs</note>", false)]
    [InlineData("", false)]
    public void Work_NotifyWithAState_IsNoticedByItsNumber(string body, bool isNoticed)
    {
        var addresses = new PhoneAddresses(PhoneRole.Callee, IsIPv4: true, 1);
        var noticed = new List<ulong>();
        var wire = new ScriptedWire
        {
            Arrived = "NOTIFY sip:u1@127.2.100.100:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@load.test>;tag=1\r\nTo: <sip:b@load.test>;tag=2\r\n"
                + $"Call-ID: {CallNumber.Of(3, 1):x16}-run@load.test\r\nCSeq: 1 NOTIFY\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        };
        var phones = new CalledPhones(wire, new Surroundings { Callers = addresses, CallerPort = 5060, Callees = addresses, CalleePort = 5060, Users = 1 }, 4) { Noticed = noticed.Add };

        phones.Work(0);
        Assert.Equal(isNoticed ? [CallNumber.Of(2, 7)] : [], noticed);
        Assert.StartsWith("SIP/2.0 200 OK\r\n", wire.Sent, StringComparison.Ordinal);
    }

    private sealed class ScriptedWire : IWire
    {
        private readonly byte[] _place = new byte[4096];

        public string? Arrived { get; set; }

        public string? Sent { get; private set; }

        public int Phones => 1;

        public int Port => 5060;

        public Span<byte> Reserve(int channel) => _place;

        public void Commit(int length) => Sent = Encoding.ASCII.GetString(_place, 0, length);

        public void Flush()
        {
        }

        public int Receive(IWireReceiver receiver)
        {
            receiver.OnMessage(this, Encoding.ASCII.GetBytes(Arrived!), 0);
            return 1;
        }

        public void Dispose()
        {
        }
    }
}
