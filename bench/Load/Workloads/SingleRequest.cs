// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>A call of one request and its final response: MESSAGE and OPTIONS, and REGISTER and SUBSCRIBE of all users in turn.</summary>
internal sealed class SingleRequest : Workload
{
    private const uint FirstSequence = 100_000_000;

    private readonly Surroundings _at;
    private readonly MessageTemplate _request;
    private readonly bool _isRegister;
    private readonly int? _called;

    /// <param name="at">Where the phones are.</param>
    /// <param name="request">A text of <see cref="Requests"/>.</param>
    /// <param name="called">How many of the users are called, in turn; null: each by the one who is farthest away.</param>
    public SingleRequest(Surroundings at, string request, int? called = null)
    {
        _at = at;
        _called = called;
        _request = new MessageTemplate(request);
        _isRegister = request.StartsWith("REGISTER", StringComparison.Ordinal);
    }

    public override CallFields FieldsOf(ulong call, long count)
    {
        int user = (int)(count % _at.Users);
        int callee = _isRegister ? user : _called is { } some ? user % some : (int)((count + (_at.Users / 2)) % _at.Users);

        // A refresh has the Call-ID of the registration and the next CSeq (RFC 3261 §10.2).
        uint sequence = FirstSequence + (_isRegister ? (uint)(count / _at.Users) : 0);
        return new CallFields(call, user, callee, sequence, _at.Callers, _at.Callees);
    }

    public override void Begin(Call call, IWire wire) => Repeat(call, wire);

    public override void Repeat(Call call, IWire wire) => wire.Commit(_request.Write(wire.Reserve(call.Fields.Caller), call.Fields));

    public override CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire) => answer.Status switch
    {
        < 200 => CallProgress.Waiting,
        < 300 => CallProgress.Done,
        _ => CallProgress.Failed,
    };
}
