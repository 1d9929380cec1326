// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>A request that cannot go on before something is known. The caller has its 100, and may cancel meanwhile: then the answer is 487.</summary>
/// <param name="waiting">Counts it.</param>
/// <param name="domain">Who is looked for; null: several, or nobody by name.</param>
/// <param name="stack">Where it came from.</param>
/// <param name="context">The request; it is held.</param>
/// <param name="stop">Ends what is awaited.</param>
/// <param name="then">What the step does when it is known.</param>
internal sealed class WaitingRequest<T>(
    WaitingRequests waiting, string? domain, SipStack stack, RequestContext context, CancellationTokenSource stop, Func<RequestContext, T, StepResult> then) : IServerTransactionUser, ICancellable
{
    private bool _isOver;
    private bool _isKnown;
    private T _known = default!;

    /// <summary>Waits, and goes on as the owner of the conversation.</summary>
    public async Task WaitAsync(ValueTask<T> awaited)
    {
        try
        {
            _known = await awaited.ConfigureAwait(false);
            _isKnown = true;
        }
        catch (OperationCanceledException)
        {
            // Whoever ended it has said what there was to say.
        }
        finally
        {
            stack.RunIn(context.Received, static self => ((WaitingRequest<T>)self!).GoOn(), this);
        }
    }

    /// <inheritdoc />
    public void Cancel()
    {
        if (!_isOver)
        {
            _isOver = true;
            context.Answer(487);
            stop.Cancel();
        }
    }

    // It was answered by the stack itself, which is closing.
    void IServerTransactionUser.OnTerminated(ServerTransaction transaction)
    {
        if (!_isOver)
        {
            _isOver = true;
            stop.Cancel();
        }
    }

    private void GoOn()
    {
        waiting.Left(domain);
        bool isAnswered = _isOver || context.Transaction is { HasFinal: true };
        _isOver = true;
        stop.Dispose();
        StepResult result = isAnswered ? StepResult.Answered : _isKnown ? then(context, _known) : context.Answer(500);
        if (result == StepResult.Continue)
        {
            result = context.Resume();
        }

        if (result != StepResult.Taken)
        {
            context.Release();
        }

        waiting.Finished();
    }
}
