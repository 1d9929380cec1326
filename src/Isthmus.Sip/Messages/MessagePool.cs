// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Isthmus.Sip;

/// <summary>Keeps disposed messages for reuse, so that reading in steady state allocates nothing. Safe from several threads.</summary>
/// <param name="capacity">How many requests and how many responses are kept at most; more are left to the garbage collector.</param>
public sealed class MessagePool(int capacity = 1024)
{
    private readonly ConcurrentQueue<SipRequest> _requests = new();
    private readonly ConcurrentQueue<SipResponse> _responses = new();

    internal SipRequest? TakeRequest() => _requests.TryDequeue(out SipRequest? kept) ? kept : null;

    internal SipResponse? TakeResponse() => _responses.TryDequeue(out SipResponse? kept) ? kept : null;

    internal void Return(SipMessage message)
    {
        if (message is SipRequest request && _requests.Count < capacity)
        {
            _requests.Enqueue(request);
        }
        else if (message is SipResponse response && _responses.Count < capacity)
        {
            _responses.Enqueue(response);
        }
    }
}
