// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>A PUBLISH of one of the users who are watched, its 200, and the NOTIFYs to all who watch that user. It is over, and timed, with the last of them.</summary>
internal sealed class StateChange : Workload
{
    /// <summary>Of the users so many watch one of them.</summary>
    public const int Watchers = 10;

    private const uint Sequence = 100_000_000;
    private const int MostTag = 128;

    private readonly Surroundings _at;
    private readonly MessageTemplate _publish;
    private readonly Watched[] _watched;

    public StateChange(Surroundings at)
    {
        _at = at;
        _publish = new MessageTemplate(Requests.Publish(at));
        _watched = [.. Enumerable.Range(0, WatchedOf(at)).Select(_ => new Watched())];
    }

    /// <summary>The SUBSCRIBEs that come before, one of each user.</summary>
    public static Workload Subscriptions(Surroundings at) => new SingleRequest(at, Requests.Subscribe(at), WatchedOf(at));

    /// <summary>One for each user who is watched. A second one would name a state that the first has replaced, and of two changes that follow each other watchers may hear at once.</summary>
    public override int MostInFlight => _watched.Length;

    // The next one whose last change everybody has heard of.
    public override CallFields FieldsOf(ulong call, long count)
    {
        int user = (int)(count % _watched.Length);
        for (int i = 0; i < _watched.Length && _watched[user].IsBusy; i++)
        {
            user = (user + 1) % _watched.Length;
        }

        _watched[user].IsBusy = true;
        return new CallFields(call, user, user, Sequence, _at.Callers, _at.Callees);
    }

    public override void Begin(Call call, IWire wire)
    {
        call.Stage = Watchers + 1;
        call.IsProceeding = false;
        Repeat(call, wire);
    }

    public override void Repeat(Call call, IWire wire) => wire.Commit(_publish.Write(wire.Reserve(call.Fields.Caller), call.Fields, _watched[call.Fields.Caller].Condition));

    public override CallProgress OnAnswer(Call call, Answer answer, ReadOnlySpan<byte> message, IWire wire)
    {
        Watched user = _watched[call.Fields.Caller];
        if (answer.Status < 200 || call.IsProceeding)
        {
            return CallProgress.Waiting;
        }

        call.IsProceeding = true; // and is not repeated: the server repeats its NOTIFYs
        if (answer.Status >= 300)
        {
            user.IsBusy = false;
            user.Forget();
            return CallProgress.Failed;
        }

        user.Keep(message);
        return OnNotice(call);
    }

    public override CallProgress OnNotice(Call call)
    {
        if (--call.Stage > 0)
        {
            return CallProgress.Waiting;
        }

        _watched[call.Fields.Caller].IsBusy = false;
        return CallProgress.Done;
    }

    public override void GiveUp(Call call) => _watched[call.Fields.Caller].IsBusy = false;

    private static int WatchedOf(Surroundings at) => Math.Max(at.Users / Watchers, 1);

    /// <summary>A user who is watched, and the line that names the state to be replaced (RFC 3903 §4.4).</summary>
    private sealed class Watched
    {
        private readonly byte[] _line = new byte[MostTag];
        private int _length;

        public bool IsBusy { get; set; }

        public ReadOnlySpan<byte> Condition => _line.AsSpan(0, _length);

        public void Forget() => _length = 0;

        public void Keep(ReadOnlySpan<byte> answer)
        {
            var lines = new HeaderLines(answer);
            while (lines.MoveNext())
            {
                if (lines.Is("sip-etag:"u8) && lines.Value.Length + 17 <= MostTag)
                {
                    "SIP-If-Match: "u8.CopyTo(_line);
                    lines.Value.CopyTo(_line.AsSpan(14));
                    "\r\n"u8.CopyTo(_line.AsSpan(14 + lines.Value.Length));
                    _length = 16 + lines.Value.Length;
                }
            }
        }
    }
}
