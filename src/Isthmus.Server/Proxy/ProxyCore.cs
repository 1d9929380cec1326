// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Proxy;

/// <summary>The server's transaction user: what the stack receives goes through the pipeline, to its response context, or nowhere.</summary>
internal sealed class ProxyCore(ProxyEnvironment environment, RequestPipeline pipeline, Domains domains) : ITransactionUser
{
    /// <inheritdoc />
    public void OnListening(IReadOnlyList<Listener> listeners) => domains.ListeningOn(listeners);

    /// <inheritdoc />
    public void OnRequest(ServerTransaction transaction)
    {
        environment.Counters.CountRequest();
        Run(transaction.Request, transaction);
    }

    /// <inheritdoc />
    public void OnAck(ReceivedRequest ack) => Run(ack, transaction: null);

    /// <inheritdoc />
    public void OnCancel(ServerTransaction invite, ReceivedRequest cancel)
    {
        if (invite.Tag is ICancellable taken)
        {
            taken.Cancel();
        }
        else if (!invite.HasFinal)
        {
            invite.Respond(invite.Request.Message.Answer(487, null, Identifiers.NewTag()).Build());
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// An OPTIONS needs no memory (docs/decisions/0037): it is answered, or passed on to one place, at once. Nor does a REGISTER that renews a
    /// binding (docs/decisions/0046). Else it comes again as a transaction.
    /// </remarks>
    public bool TakesWithoutState(ReceivedRequest request)
    {
        SipMethod method = request.Message.Method;
        if ((method != SipMethod.Options && method != SipMethod.Register) || !Run(request, transaction: null, isStateless: true))
        {
            return false;
        }

        environment.Counters.CountRequest();
        return true;
    }

    /// <inheritdoc />
    /// <remarks>
    /// RFC 6026 §8.2 and §8.9 took back what RFC 3261 §16.7 said of responses without a transaction: they are dropped, unless they answer what
    /// was forwarded without one.
    /// </remarks>
    public void OnResponse(ReceivedResponse stray)
    {
        if (!StatelessForwarding.TryReturn(environment, stray.Message))
        {
            environment.Counters.CountStrayResponse();
        }
    }

    /// <inheritdoc />
    public void OnSuccessAgain(ReceivedResponse success, Flow returnFlow)
    {
        if (success.Message.TryGetViaBelow(out ViaView below))
        {
            ReturningResponse.SendBack(environment, success.Message, below, returnFlow);
        }
    }

    /// <inheritdoc />
    public void OnMalformed(Flow flow, SipMessage? message, SipFault fault) => environment.Counters.CountMalformed();

    // False: nobody dealt with the request.
    private bool Run(ReceivedRequest request, ServerTransaction? transaction, bool isStateless = false)
    {
        RequestContext context = environment.Contexts.Take() ?? new RequestContext(environment, pipeline);
        context.Begin(request, transaction, isStateless);
        StepResult result = pipeline.Run(context);
        if (result != StepResult.Taken)
        {
            context.Release();
        }

        return result is StepResult.Answered or StepResult.Taken;
    }
}
