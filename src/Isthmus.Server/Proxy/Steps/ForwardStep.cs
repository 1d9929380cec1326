// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>The last step: forwards the request to its targets, an ACK to the first of them and without a transaction.</summary>
internal sealed class ForwardStep(ProxyEnvironment environment) : IRequestStep
{
    public string Name => "forward";

    public StepResult Handle(RequestContext context)
    {
        if (context.Targets.Count == 0)
        {
            return context.Answer(480);
        }

        if (context.Transaction is not { } transaction)
        {
            ProxyTarget target = context.Targets[0];
            SipRequest ack = OutgoingRequest.Compose(context, target, outgoing: null, context.MaxBreadth, token: "");
            environment.Stack.SendStateless(ack, target.NextHop);
            environment.Counters.CountAck();
            return StepResult.Taken;
        }

        var responses = new ResponseContext(environment, context, transaction);
        transaction.Tag = responses;
        responses.Start();
        return StepResult.Taken;
    }
}
