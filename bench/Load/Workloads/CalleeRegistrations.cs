// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Registers the called phone of every user in turn, by UDP.</summary>
internal sealed class CalleeRegistrations(Surroundings at) : Workload
{
    private const uint FirstSequence = 100_000_000;

    private readonly MessageTemplate _register = new(Requests.Register(at, PhoneRole.Callee));

    public override CallFields FieldsOf(ulong call, long count)
    {
        int user = (int)(count % at.Users);
        return new CallFields(call, user, user, FirstSequence + (uint)(count / at.Users), at.Callers, at.Callees);
    }

    public override void Begin(Call call, IWire wire) => Repeat(call, wire);

    public override void Repeat(Call call, IWire wire) => wire.Commit(_register.Write(wire.Reserve(call.Fields.Callee), call.Fields));

    public override CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire) => answer.Status switch
    {
        < 200 => CallProgress.Waiting,
        < 300 => CallProgress.Done,
        _ => CallProgress.Failed,
    };
}
