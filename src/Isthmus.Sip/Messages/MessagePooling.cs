// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Makes a message object: from the pool where there is one and it holds one, else anew.</summary>
internal static class MessagePooling
{
    public static SipRequest NewRequest(this MessagePool? pool, MessageMemory memory, SipMethod method, Range uri)
    {
        SipRequest request = pool?.TakeRequest() ?? new SipRequest();
        request.Take(memory, method, uri, pool);
        return request;
    }

    public static SipResponse NewResponse(this MessagePool? pool, MessageMemory memory, int statusCode, Range reason)
    {
        SipResponse response = pool?.TakeResponse() ?? new SipResponse();
        response.Take(memory, statusCode, reason, pool);
        return response;
    }
}
