// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>What a response context does with a request that reaches nobody, where such requests are kept. Confined to the owner of the conversation.</summary>
internal sealed class Keeping(ProxyEnvironment environment, ResponseContext responses) : IKeepingUser
{
    private static readonly TimeSpan LatestAnswer = TimeSpan.FromSeconds(30);

    private RequestContext? _request;
    private object? _kept;
    private bool _hasArrived;

    /// <summary>The request is being kept: its sender will be answered when that is known.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>How long a branch may be silent; null: the request is not one to be kept.</summary>
    public TimeSpan? Patience { get; private set; }

    /// <summary>How long a branch that was silent beyond that may yet answer, where others have refused: until shortly before the sender gives up (RFC 3261 §17.1.2.2, Timer F).</summary>
    public TimeSpan LastWait => Patience is { } patience && patience < LatestAnswer ? LatestAnswer - patience : TimeSpan.Zero;

    /// <summary>What makes the branch towards a target; zero: nothing, a new one is as good.</summary>
    public ulong BranchOf(RequestContext request, in ProxyTarget target) => Patience is not null && target is { IsAway: false, Device: { } device } ? environment.Keeper!.BranchOf(request, device) : 0;

    /// <summary>A request is about to be forwarded.</summary>
    public void Begin(RequestContext request) => Patience = environment.Keeper?.PatienceFor(request);

    /// <summary>Keeps it, if all that was heard says no more than that nobody is there; it will be answered then.</summary>
    public bool TryKeep(RequestContext request, FinalResponses heard, bool mayArriveYet)
    {
        if (Patience is null || environment.Keeper is not { } keeper || !heard.AreAll(keeper.IsAbsence))
        {
            return false;
        }

        (_request, IsUnderWay) = (request, true);
        if (keeper.TryKeep(request, mayArriveYet, this))
        {
            return true;
        }

        (_request, IsUnderWay) = (null, false);
        return false;
    }

    /// <summary>A branch that was given up was answered with a 2xx.</summary>
    public void Arrived()
    {
        _hasArrived = IsUnderWay;
        if (_kept is { } kept)
        {
            _kept = null;
            environment.Keeper!.Arrived(kept);
        }
    }

    /// <summary>Forgets the request.</summary>
    public void Clear() => (_request, _kept, IsUnderWay, _hasArrived, Patience) = (null, null, false, false, null);

    void IKeepingUser.Kept(KeepOutcome outcome, object? kept)
    {
        (_kept, IsUnderWay) = (kept, false);
        if (_hasArrived)
        {
            Arrived();
        }

        SipResponse answer = outcome.Answer(_request!).Build(environment.Messages);
        _request = null;
        responses.OnKept(answer);
    }
}
