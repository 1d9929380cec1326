// SPDX-License-Identifier: Apache-2.0

namespace Isthmus.Server.Proxy;

/// <summary>A part of the call table with a lock of its own: by key, and from the oldest to the newest. Places are used again.</summary>
internal sealed class CallShelf
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, CallEntry> _calls = [];
    private CallEntry? _oldest;
    private CallEntry? _newest;
    private CallEntry? _free;

    /// <summary>Lists a call; no entry when it is listed already.</summary>
    public ListedCall Add(ulong key, RequestContext context, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_calls.ContainsKey(key))
            {
                return default;
            }

            CallEntry entry = _free ?? new CallEntry();
            _free = _free?.Newer;
            entry.Begin(key, context, now);
            (entry.Older, entry.Newer) = (_newest, null);
            if (_newest is not null)
            {
                _newest.Newer = entry;
            }

            _newest = entry;
            _oldest ??= entry;
            _calls.Add(key, entry);
            return new(entry, entry.Number);
        }
    }

    /// <summary>Notes how far a call is; a call that is not listed any more stays so. The version of the first target stays until one answers.</summary>
    public void Note(ListedCall call, CallState state, Isthmus.Sip.IpVersion callee)
    {
        lock (_gate)
        {
            if (call.Entry is { } entry && entry.Number == call.Number && entry.State != CallState.Answered)
            {
                entry.State = state;
                entry.CalleeVersion = state == CallState.Answered ? callee : entry.CalleeVersion ?? callee;
            }
        }
    }

    /// <summary>Takes a call from the list. False: it is not there.</summary>
    public bool Remove(ulong key)
    {
        lock (_gate)
        {
            if (!_calls.Remove(key, out CallEntry? entry))
            {
                return false;
            }

            Unlink(entry);
            return true;
        }
    }

    /// <summary>Takes those from the list that came before then, and says how many.</summary>
    public int RemoveOlderThan(DateTimeOffset then)
    {
        int count = 0;
        lock (_gate)
        {
            while (_oldest is { } entry && entry.Since < then)
            {
                _calls.Remove(entry.Key);
                Unlink(entry);
                count++;
            }
        }

        return count;
    }

    /// <summary>All calls now.</summary>
    public IReadOnlyList<CallSummary> Snapshot()
    {
        lock (_gate)
        {
            return [.. _calls.Values.Select(entry => entry.ToSummary())];
        }
    }

    private void Unlink(CallEntry entry)
    {
        if (entry.Older is { } older)
        {
            older.Newer = entry.Newer;
        }
        else
        {
            _oldest = entry.Newer;
        }

        if (entry.Newer is { } newer)
        {
            newer.Older = entry.Older;
        }
        else
        {
            _newest = entry.Older;
        }

        entry.Forget();
        (entry.Older, entry.Newer) = (null, _free);
        _free = entry;
    }
}
