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
            return context.IsStateless ? StepResult.Continue : context.Answer(480);
        }

        if (context.IsStateless)
        {
            return StatelessForwarding.TryForward(environment, context) ? StepResult.Answered : StepResult.Continue;
        }

        if (context.Transaction is not { } transaction)
        {
            ProxyTarget target = context.Targets[0];
            environment.Stack.SendStateless(OutgoingRequest.Compose(context, target, context.MaxBreadth), target.NextHop);
            environment.Counters.CountAck();
            return StepResult.Answered;
        }

        context.Hold();
        ResponseContext responses = environment.ResponseContexts.Take() ?? new ResponseContext(environment);
        transaction.Tag = responses;
        responses.Start(context, transaction);
        return StepResult.Taken;
    }
}
