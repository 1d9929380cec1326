// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Looks at the final response of a branch before it goes back to the caller. Called on the conversation's owner.</summary>
internal interface IAnswerReview
{
    /// <summary>The refusal that the caller gets instead of a 2xx to its INVITE; null: the 2xx goes back. The device that answered is released.</summary>
    SipResponse? RefusalInsteadOf(RequestContext context, in ProxyTarget target, SipResponse success);

    /// <summary>A refusal as it goes back.</summary>
    SipResponse Explain(RequestContext context, in ProxyTarget target, SipResponse refusal);
}
