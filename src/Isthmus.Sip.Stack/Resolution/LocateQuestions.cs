// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>The questions of one search: each ends with a step, in time, and is noted in the trail.</summary>
internal sealed class LocateQuestions(LocateTools tools, ICollection<DnsStep>? trail, CancellationToken stop, CancellationToken caller)
{
    private readonly TimeProvider _time = tools.Time;
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <summary>Looks a name up. What takes too long has timed out.</summary>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async Task<DnsStep> AskAsync(string name, DnsType type, TimeSpan? limit = null)
    {
        DnsStep step;
        try
        {
            var walk = tools.Dns.LookUpAsync(name, type, stop).AsTask();
            step = await (limit is { } within ? walk.WaitAsync(within, _time, stop) : walk).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException || (error is OperationCanceledException && !caller.IsCancellationRequested))
        {
            step = new DnsStep(name, type, DnsStatus.TimedOut, [], TimeSpan.Zero, DnsSource.Resolver);
        }
        lock (_lock)
        {
            if (!_isClosed)
            {
                trail?.Add(step);
            }
        }
        return step;
    }

    /// <summary>Waits for all questions, or for as long as it is still worth while.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="patience">How long to wait for the rest, asked first and after each answer; null: until the end.</param>
    /// <returns>Whether all were answered.</returns>
    public async Task<bool> AwaitAsync(IEnumerable<Task<DnsStep>> questions, Func<TimeSpan?> patience)
    {
        var pending = new List<Task>(questions);
        var deadlines = new List<(TimeSpan After, Task Task)>();
        while (true)
        {
            caller.ThrowIfCancellationRequested();
            pending.RemoveAll(question => question.IsCompleted);
            if (pending.Count == 0)
            {
                return true;
            }
            // A patience that is named again has begun already.
            if (patience() is { } after && !deadlines.Exists(deadline => deadline.After == after))
            {
                deadlines.Add((after, Task.Delay(after, _time, stop)));
            }
            var done = await Task.WhenAny([.. pending, .. deadlines.Select(deadline => deadline.Task)]).ConfigureAwait(false);
            if (deadlines.Exists(deadline => deadline.Task == done))
            {
                return false;
            }
        }
    }

    /// <summary>The caller has its result: the trail is not touched any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }
}
