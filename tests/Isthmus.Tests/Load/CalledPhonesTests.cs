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

    private sealed class ScriptedWire : IWire
    {
        private readonly byte[] _place = new byte[4096];

        public string? Arrived { get; set; }

        public int Phones => 1;

        public int Port => 5060;

        public Span<byte> Reserve(int channel) => _place;

        public void Commit(int length)
        {
        }

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
