// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;
using Isthmus.Sip;

namespace Isthmus.Server.Admission;

/// <summary>
/// Refuses a new call when the server carries as many as it may: 503 with Retry-After. The cap on transactions is the stack's, before
/// any step.
/// </summary>
internal sealed class AdmissionStep(CallTable calls) : IRequestStep
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    public string Name => "admission";

    public StepResult Handle(RequestContext context) =>
        context.Request.Method == SipMethod.Invite && !context.IsInDialog && calls.IsFull ? context.AnswerBusy("Too Many Calls", RetryAfter) : StepResult.Continue;
}
