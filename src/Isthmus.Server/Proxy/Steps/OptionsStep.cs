// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Answers an OPTIONS to the server itself (RFC 3261 §11.2): one whose Request-URI has no user, and which has arrived.</summary>
internal sealed class OptionsStep(Domains domains, ServerCapabilities capabilities) : IRequestStep
{
    public string Name => "options";

    public StepResult Handle(RequestContext context)
    {
        bool isForUs = context.Request.Method == SipMethod.Options && !context.HasRoutesLeft
            && context.TryGetUri(out SipUriView uri) && !uri.HasUser && domains.IsOurs(uri);
        return !isForUs ? StepResult.Continue
            : OptionTags.Unknown(context.Request, HeaderName.Require, capabilities.Supported) is { } unknown
                ? context.Answer(context.Respond(420).Header(HeaderName.Unsupported, unknown))
                : context.Answer(capabilities.Describe(context.Respond(200)));
    }
}
