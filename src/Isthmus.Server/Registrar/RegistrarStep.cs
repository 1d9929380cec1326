// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Server.Proxy;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Registrar;

/// <summary>Takes a REGISTER for an own domain (RFC 3261 §10.3 step 1); one for another domain goes on as any request.</summary>
internal sealed class RegistrarStep(Registrar registrar, Domains domains) : IRequestStep
{
    public string Name => "registrar";

    public StepResult Handle(RequestContext context)
    {
        if (context.Request.Method != SipMethod.Register)
        {
            return StepResult.Continue;
        }

        bool isForUs = !context.HasRoutesLeft && context.TryGetUri(out SipUriView uri) && domains.IsOurs(uri);
        if (context.IsStateless)
        {
            return isForUs && registrar.TryHandleWithoutState(new ReceivedRequest(context.Received, context.Flow)) ? StepResult.Answered : StepResult.NeedsTransaction;
        }

        if (!isForUs)
        {
            return context.Request.MaxForwards is 0 ? context.Answer(483) : StepResult.Continue;
        }

        registrar.Handle(context.Transaction!);
        context.Release();
        return StepResult.Taken;
    }
}
