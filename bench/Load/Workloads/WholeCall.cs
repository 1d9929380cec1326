// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>INVITE 100 180 200 ACK BYE 200. The caller hangs up at once; ACK and BYE follow the Record-Route.</summary>
internal sealed class WholeCall(Surroundings at) : Workload
{
    private const uint Sequence = 100_000_000;
    private const int Inviting = 0;
    private const int Ending = 1;

    private readonly MessageTemplate _invite = new(Requests.Invite(at));
    private readonly MessageTemplate _acknowledge = new(Requests.Acknowledge(at));
    private readonly MessageTemplate _acknowledgeRefusal = new(Requests.AcknowledgeRefusal(at));
    private readonly MessageTemplate _bye = new(Requests.Bye(at));

    public override CallFields FieldsOf(ulong call, long count) =>
        new(call, (int)(count % at.Users), (int)((count + (at.Users / 2)) % at.Users), Sequence, at.Callers, at.Callees);

    public override void Begin(Call call, IWire wire)
    {
        call.Stage = Inviting;
        call.RouteLength = 0;
        Send(call, wire, _invite, default);
    }

    public override void Repeat(Call call, IWire wire)
    {
        if (call.Stage == Inviting)
        {
            Send(call, wire, _invite, default);
        }
        else
        {
            Send(call, wire, _bye, call.Routes);
        }
    }

    public override CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire)
    {
        bool isForInvite = answer.Step == (byte)'i';
        if (answer.Status < 200)
        {
            call.IsProceeding |= isForInvite;
            return CallProgress.Waiting;
        }

        if (!isForInvite)
        {
            return answer.Step != (byte)'b' || call.Stage != Ending ? CallProgress.Waiting : answer.Status < 300 ? CallProgress.Done : CallProgress.Failed;
        }

        if (answer.Status >= 300)
        {
            Send(call, wire, _acknowledgeRefusal, ToOf(message));
            return CallProgress.Failed;
        }

        if (call.Stage == Ending)
        {
            Send(call, wire, _acknowledge, call.Routes); // the 200 again: its ACK got lost
            return CallProgress.Waiting;
        }

        call.RouteLength = RouteSet.Write(message, call.RouteRoom);
        if (call.RouteLength < 0)
        {
            return CallProgress.Failed;
        }

        Send(call, wire, _acknowledge, call.Routes);
        Send(call, wire, _bye, call.Routes);
        call.Stage = Ending;
        call.IsProceeding = false;
        return CallProgress.Answered;
    }

    private static void Send(Call call, IWire wire, MessageTemplate template, ReadOnlySpan<byte> insert) =>
        wire.Commit(template.Write(wire.Reserve(call.Fields.Caller), call.Fields, insert));

    private static ReadOnlySpan<byte> ToOf(ReadOnlySpan<byte> message)
    {
        var lines = new HeaderLines(message);
        while (lines.MoveNext())
        {
            if (lines.Is("to:"u8))
            {
                return lines.Line;
            }
        }

        return default;
    }
}
