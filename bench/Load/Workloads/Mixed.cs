// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Of ten calls three refresh a registration, three are whole calls, and four are messages.</summary>
internal sealed class Mixed : Workload
{
    private const int Period = 10;
    private const int Refreshes = 3;
    private const int Messages = 4;

    private readonly Workload _refresh;
    private readonly Workload _message;
    private readonly Workload _call;
    private readonly int _users;

    public Mixed(Surroundings at)
    {
        _refresh = new SingleRequest(at, Requests.Register(at, PhoneRole.Caller, PhoneRole.Callee));
        _message = new SingleRequest(at, Requests.Message(at));
        _call = new WholeCall(at);
        _users = at.Users;
    }

    // Refreshes go through all users without a gap, and come after the first registration of each.
    public override CallFields FieldsOf(ulong call, long count) =>
        Of(call) == _refresh ? _refresh.FieldsOf(call, _users + (count / Period * Refreshes) + (count % Period)) : Of(call).FieldsOf(call, count);

    public override void Begin(Call call, IWire wire) => Of(call.Fields.Call).Begin(call, wire);

    public override CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire) => Of(call.Fields.Call).OnAnswer(call, answer, message, wire);

    public override void Repeat(Call call, IWire wire) => Of(call.Fields.Call).Repeat(call, wire);

    private Workload Of(ulong call) => (CallNumber.CountOf(call) % Period) switch
    {
        < Refreshes => _refresh,
        < Refreshes + Messages => _message,
        _ => _call,
    };
}
