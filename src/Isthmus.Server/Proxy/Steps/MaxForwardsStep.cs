// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>A request that may go no further (RFC 3261 §16.3 item 3): an OPTIONS is answered here, what is for this server itself goes on, the rest gets 483.</summary>
internal sealed class MaxForwardsStep(ServerCapabilities capabilities) : IRequestStep
{
    public string Name => "max-forwards";

    public StepResult Handle(RequestContext context)
    {
        if (context.Request.MaxForwards is not 0)
        {
            return StepResult.Continue;
        }

        if (context.Request.Method == SipMethod.Options)
        {
            return context.Answer(capabilities.Describe(context.Respond(200)));
        }

        // A REGISTER for us is not forwarded: it has arrived.
        return context.Request.Method == SipMethod.Register ? StepResult.Continue : context.Answer(483);
    }
}
