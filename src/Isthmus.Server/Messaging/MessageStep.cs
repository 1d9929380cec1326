// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Proxy;

namespace Isthmus.Server.Messaging;

/// <summary>Lets no MESSAGE overtake those of its sender that still wait for the user, and takes none a second time (RFC 3428 §8).</summary>
internal sealed class MessageStep(MailDesk desk) : IRequestStep
{
    public string Name => "messages";

    public StepResult Handle(RequestContext context) => !context.Devices.IsEmpty && desk.TryTakeInTurn(context) ? StepResult.Taken : StepResult.Continue;
}
