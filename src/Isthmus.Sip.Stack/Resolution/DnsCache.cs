// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>
/// Keeps answers for their time, asks each question once however many wait for it, and gives old answers while DNS is down. An entry holds what was answered
/// to its own question and nothing else: additional records are not looked at, so no name's failure or forgery reaches another name.
/// </summary>
internal sealed class DnsCache(IDnsClient dns, DnsCacheOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<Question, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // the one used last is first
    private readonly Dictionary<Question, TaskCompletionSource<CachedReply>> _flights = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>The answer, from here or from DNS. The question goes on when the caller gives up, and its answer is kept for the next.</summary>
    /// <param name="name">A plain name.</param>
    /// <param name="type">What is asked for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<CachedReply> LookUpAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        var question = new Question(name, type);
        CachedReply? stale = null;
        TaskCompletionSource<CachedReply>? flight;
        bool isNew = false;
        lock (_lock)
        {
            var now = Now;
            if (Find(question) is { } entry)
            {
                if (now < entry.FreshUntil)
                {
                    return new CachedReply(entry.Reply, entry.FreshUntil - now, DnsSource.Cache);
                }
                stale = now < entry.StaleUntil ? new CachedReply(entry.Reply, TimeSpan.Zero, DnsSource.Stale) : null;
                if (stale is not null && now < entry.RecheckAt)
                {
                    return stale.Value;
                }
            }
            if (!_flights.TryGetValue(question, out flight))
            {
                if (_flights.Count >= options.MaxQueries)
                {
                    return stale ?? new CachedReply(DnsReply.Failed(DnsStatus.Overloaded), TimeSpan.Zero, DnsSource.Cache);
                }
                isNew = true;
                flight = new TaskCompletionSource<CachedReply>(TaskCreationOptions.RunContinuationsAsynchronously);
                _flights.Add(question, flight);
            }
        }
        if (stale is null)
        {
            if (isNew)
            {
                _ = FlyAsync(question, flight);
            }
            return await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        var answer = flight.Task.WaitAsync(options.StaleAnswerTime, time, cancellationToken);
        if (isNew)
        {
            _ = FlyAsync(question, flight);
        }
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return stale.Value;
        }
    }

    private async Task FlyAsync(Question question, TaskCompletionSource<CachedReply> flight)
    {
        try
        {
            using var limit = new CancellationTokenSource(options.QueryTime, time);
            DnsReply reply;
            try
            {
                reply = await dns.QueryAsync(question.Name, question.Type, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                reply = DnsReply.Failed(DnsStatus.TimedOut);
            }
            CachedReply result;
            lock (_lock)
            {
                result = Keep(question, Bounded(reply));
                _flights.Remove(question);
            }
            flight.SetResult(result);
        }
        // An error in the client is told to those who wait, and does not leave the question in flight for ever.
        catch (Exception error)
        {
            lock (_lock)
            {
                _flights.Remove(question);
            }
            flight.TrySetException(error);
        }
    }

    private DnsReply Bounded(DnsReply reply) => reply.Records.Count <= options.MaxRecords ? reply : reply with { Records = [.. reply.Records.Take(options.MaxRecords)] };

    private CachedReply Keep(Question question, DnsReply reply)
    {
        var now = Now;
        var old = Find(question);
        if (!reply.IsAnswer)
        {
            if (old is not null && old.Reply.IsAnswer && now < old.StaleUntil)
            {
                old.RecheckAt = now + options.StaleRecheckTime;
                return new CachedReply(old.Reply, TimeSpan.Zero, DnsSource.Stale);
            }
            Store(question, reply, now + options.FailureTime, now + options.FailureTime);
            return new CachedReply(reply, options.FailureTime, DnsSource.Resolver);
        }
        var lifetime = LifetimeOf(reply);
        if (lifetime > TimeSpan.Zero)
        {
            Store(question, reply, now + lifetime, now + lifetime + options.StaleTime);
        }
        else if (old is not null)
        {
            Remove(question);
        }
        return new CachedReply(reply, lifetime, DnsSource.Resolver);
    }

    private TimeSpan LifetimeOf(DnsReply reply)
    {
        // Aliases that lead to nothing are negative where an SOA says so, and else the part of a way that a resolver has left to us.
        bool isNegative = reply.Status == DnsStatus.NameError || reply.Records.Count == 0 || (reply.NegativeTimeToLive is not null && reply.Records.All(record => record is AliasRecord));
        var lifetime = isNegative ? reply.NegativeTimeToLive ?? TimeSpan.Zero : TimeSpan.MaxValue;
        foreach (var record in reply.Records)
        {
            lifetime = record.TimeToLive < lifetime ? record.TimeToLive : lifetime;
        }
        var longest = isNegative ? options.MaxNegativeTimeToLive : options.MaxTimeToLive;
        return lifetime <= TimeSpan.Zero ? TimeSpan.Zero
            : lifetime > longest ? longest
            : lifetime < options.MinTimeToLive ? options.MinTimeToLive : lifetime;
    }

    private Entry? Find(Question question)
    {
        if (!_entries.TryGetValue(question, out var node))
        {
            return null;
        }
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value;
    }

    private void Store(Question question, DnsReply reply, TimeSpan freshUntil, TimeSpan staleUntil)
    {
        Remove(question);
        if (_entries.Count >= options.MaxEntries)
        {
            Remove(_byUse.Last!.Value.Question);
        }
        _entries.Add(question, _byUse.AddFirst(new Entry(question, reply, freshUntil, staleUntil)));
    }

    private void Remove(Question question)
    {
        if (_entries.Remove(question, out var node))
        {
            _byUse.Remove(node);
        }
    }

    private readonly record struct Question(string Name, DnsType Type);

    private sealed class Entry(Question question, DnsReply reply, TimeSpan freshUntil, TimeSpan staleUntil)
    {
        public Question Question { get; } = question;

        public DnsReply Reply { get; } = reply;

        public TimeSpan FreshUntil { get; } = freshUntil;

        public TimeSpan StaleUntil { get; } = staleUntil;

        public TimeSpan RecheckAt { get; set; }
    }
}
