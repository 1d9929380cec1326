// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Load;
using Isthmus.Sip;

namespace Isthmus.Tests.Load;

public sealed class MessageTemplateTests
{
    private static readonly PhoneAddresses Callers = new(PhoneRole.Caller, true, 10_000);
    private static readonly PhoneAddresses Callees = new(PhoneRole.Callee, true, 10_000);
    private static readonly CallFields Fields = new(CallNumber.Of(7, 42), 3, 9_999, 100_000_005, Callers, Callees);

    public static TheoryData<string> Texts
    {
        get
        {
            var at = Surroundings(isTcp: false);
            var streams = Surroundings(isTcp: true);
            return
            [
                Requests.Register(at, PhoneRole.Caller, PhoneRole.Caller), Requests.Register(streams, PhoneRole.Callee, PhoneRole.Callee), Requests.Options(at, false), Requests.Options(at, true),
                Requests.Message(at), Requests.Invite(at), Requests.Invite(streams), Requests.Acknowledge(at), Requests.AcknowledgeRefusal(at), Requests.Bye(at),
                Requests.Subscribe(at), Requests.Publish(at),
            ];
        }
    }

    [Theory, MemberData(nameof(Texts))]
    public void Write_AnyRequest_CanBeParsed(string text)
    {
        SipMessage message = Parsed(Write(text, text.StartsWith("ACK sip:u{callee}@load.test", StringComparison.Ordinal) ? "To: <sip:u@load.test>;tag=1\r\n" : "Route: <sip:127.0.0.1;lr>\r\n"));
        Assert.Contains($"Content-Length: {message.Body.Length}\r\n", Encoding.ASCII.GetString(message.Bytes.Span), StringComparison.Ordinal);
        Assert.StartsWith("z9hG4bK000700000000002a", message.TopVia.Branch, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WithoutInsertion_LeavesNothingBehind() =>
        Assert.Equal("a 0000003|0009999|100.103|000700000000002a|100000005\r\n\r\n", Write("a {caller}|{callee}|{caller-net}|{call}|{cseq}{insert}\n\n", ""));

    [Fact]
    public void Write_WithInsertion_PatchesWhatIsBehindIt() => Assert.Equal("0000003 x 0009999\r\n\r\n", Write("{caller} {insert} {callee}\n\n", "x"));

    [Fact]
    public void Create_UnknownField_Throws() => Assert.Throws<FormatException>(() => new MessageTemplate("{nothing}\n\n"));

    [Fact]
    public void PhoneAt_AddressOfAPhone_IsThatPhone() => Assert.All(Enumerable.Range(0, 10_000), phone => Assert.Equal(phone, PhoneAddresses.PhoneAt(Callers.AddressOf(phone))));

    [Fact]
    public void AddressOf_APhone_IsWhatItsMessagesSay()
    {
        Span<byte> net = stackalloc byte[PhoneAddresses.NetLength];
        Callees.WriteNet(9_999, net);
        Assert.Equal(new System.Net.IPAddress(Callees.AddressOf(9_999)).ToString(), Callees.HostTemplate(Encoding.ASCII.GetString(net)));
    }

    private static Surroundings Surroundings(bool isTcp) => new() { Callers = Callers, CallerPort = 5070, Callees = Callees, CalleePort = 5080, Users = 10_000, IsTcp = isTcp };

    private static string Write(string text, string insert)
    {
        var target = new byte[4096];
        return Encoding.ASCII.GetString(target, 0, new MessageTemplate(text).Write(target, Fields, Encoding.ASCII.GetBytes(insert)));
    }

    private static SipMessage Parsed(string text)
    {
        ParseResult result = SipParser.Parse(Encoding.ASCII.GetBytes(text));
        Assert.Equal(ParseOutcome.Ok, result.Outcome);
        return result.Message!;
    }
}
