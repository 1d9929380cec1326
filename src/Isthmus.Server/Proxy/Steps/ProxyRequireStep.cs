// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Refuses a request that wants an extension of proxies which this one has not (RFC 3261 §16.3 item 5).</summary>
internal sealed class ProxyRequireStep(ServerCapabilities capabilities) : IRequestStep
{
    public string Name => "proxy-require";

    public StepResult Handle(RequestContext context)
    {
        return !context.IsAck && OptionTags.Unknown(context.Request, HeaderName.ProxyRequire, capabilities.ProxyExtensions) is { } unknown
            ? context.Answer(context.Respond(420).Header(HeaderName.Unsupported, unknown))
            : StepResult.Continue;
    }
}
