// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>The final responses other than 2xx that the branches of a request brought, until one of them goes back (RFC 3261 §16.7 item 6).</summary>
internal sealed class FinalResponses
{
    private readonly List<SipResponse> _responses = [];

    /// <summary>Whether each of them is of that kind; so it is when there is none.</summary>
    public bool AreAll(Func<int, bool> kind) => _responses.TrueForAll(response => kind(response.StatusCode));

    /// <summary>Keeps one; it belongs to this collection now.</summary>
    public void Add(SipResponse response) => _responses.Add(response);

    /// <summary>
    /// What the sender hears when nobody took the request: the best of them, with the challenges of the others where it is one (items 6 and 7); 408 when there is
    /// none. No 503, which would say that this server can serve nobody.
    /// </summary>
    public SipResponse TakeAnswer(RequestContext request, MessagePool pool) => BestResponse.Of(_responses) switch
    {
        null => request.Respond(408).Build(pool),
        { StatusCode: 503 } => request.Respond(500, "Next Hop Unavailable").Build(pool),
        { } best => Take(best, request.Edit, pool),
    };

    /// <summary>Lets go of them.</summary>
    public void Clear()
    {
        foreach (SipResponse response in _responses)
        {
            response.Dispose();
        }

        _responses.Clear();
    }

    private SipResponse Take(SipResponse best, MessageEdit edit, MessagePool pool)
    {
        if (BestResponse.ChallengesBeside(best, _responses) is not { Count: > 0 } challenges)
        {
            _responses.Remove(best);
            return best;
        }

        edit.Begin(best);
        foreach ((HeaderName name, string value) in challenges)
        {
            edit.Append(name, value);
        }

        return edit.BuildResponse(pool);
    }
}
