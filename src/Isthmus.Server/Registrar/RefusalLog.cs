// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Server.Hosting;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>Says why registrations are refused, without a line for each: one a minute for the same source and reason, and how many there were. From any thread.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private readonly OnceAMinute<(IPAddress Source, Refusal Refusal)> _refusals = new(time);

    public void Refused(in ReceivedRequest received, Refusal refusal)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        bool isSaid = _refusals.Says((received.Flow.Remote.Address, refusal), out long unsaid);
        if (unsaid > 0)
        {
            RegistrarLog.RefusedMore(logger, unsaid);
        }

        if (isSaid)
        {
            RegistrarLog.Refused(logger, received.Message.To.Uri.ToString(), received.Flow.Remote.Address.ToString(), refusal.Status, refusal.Reason);
        }
    }
}
