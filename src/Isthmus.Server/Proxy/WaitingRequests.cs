// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The requests whose step has to wait for something that others say: DNS, above all. There is a bound on them.</summary>
internal sealed class WaitingRequests(SipStack stack, int most)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SearchPlaces _places = new(most);
    private long _taken;
    private long _done;

    /// <summary>How many wait now.</summary>
    public int Count => _places.Count;

    /// <summary>How many have had to wait since the start.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>How many of those have gone on, or were given up.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Lets a step go on when something is known: at once if it is, else later, and the request is taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="domain">Who is looked for; null: several, or nobody by name.</param>
    /// <param name="ask">Asks; its token ends the asking.</param>
    /// <param name="then">What the step does then. It continues, answers or takes, as a step does.</param>
    public StepResult Await<T>(RequestContext context, string? domain, Func<CancellationToken, ValueTask<T>> ask, Func<RequestContext, T, StepResult> then)
    {
        var stop = new CancellationTokenSource();
        ValueTask<T> awaited = ask(stop.Token);
        if (awaited.IsCompletedSuccessfully)
        {
            stop.Dispose();
            return then(context, awaited.Result);
        }

        if (TryEnter(domain) is { } problem)
        {
            stop.Cancel();
            // No 503: it would tell the sender to spare this server for its own users too (RFC 3261 §16.7 step 6).
            return context.AnswerLater(500, problem, RetryAfter);
        }

        context.Hold();
        var request = new WaitingRequest<T>(this, domain, stack, context, stop, then);
        if (context.Transaction is { } transaction)
        {
            transaction.Tag = request;
            transaction.Attach(request);
            if (context.Request.Method == SipMethod.Invite)
            {
                transaction.Respond(context.RespondTrying().Build(stack.Messages));
            }
        }

        _ = request.WaitAsync(awaited);
        return StepResult.Taken;
    }

    /// <summary>One more waits. Null: it may; else why it may not.</summary>
    /// <param name="domain">Who is looked for; null: several, or nobody by name.</param>
    internal string? TryEnter(string? domain)
    {
        string? problem = _places.Take(domain);
        if (problem is null)
        {
            Interlocked.Increment(ref _taken);
        }

        return problem;
    }

    /// <summary>One waits no more; its step goes on.</summary>
    internal void Left(string? domain) => _places.Leave(domain);

    /// <summary>Its step has gone on, or there was nothing left to do.</summary>
    internal void Finished() => Interlocked.Increment(ref _done);
}
