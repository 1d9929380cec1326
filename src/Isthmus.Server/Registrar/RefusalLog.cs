// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Registrar;

/// <summary>Says why registrations are refused, without a line for each: one a minute for the same source and reason, and how many there were. From any thread.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    // Beyond it sources are not told apart until the minute is over.
    private const int Most = 256;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<(IPAddress Source, Refusal Refusal)> _said = [];
    private long _since = time.GetTimestamp();
    private long _unsaid;

    public void Refused(in ReceivedRequest received, Refusal refusal)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        long unsaid = 0;
        bool isNew;
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= Period)
            {
                (unsaid, _unsaid, _since) = (_unsaid, 0, time.GetTimestamp());
                _said.Clear();
            }

            isNew = _said.Count < Most && _said.Add((received.Flow.Remote.Address, refusal));
            _unsaid += isNew ? 0 : 1;
        }

        if (unsaid > 0)
        {
            RegistrarLog.RefusedMore(logger, unsaid);
        }

        if (isNew)
        {
            RegistrarLog.Refused(logger, received.Message.To.Uri.ToString(), received.Flow.Remote.Address.ToString(), refusal.Status, refusal.Reason);
        }
    }
}
