// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>What one request has done with each server of its list, in their order.</summary>
internal sealed class WalkMarks(int count)
{
    private readonly Mark[] _marks = new Mark[count];

    [Flags]
    private enum Mark : byte
    {
        Tried = 1,
        Opening = 2,
        Asked = 4,
        There = 8,
    }

    /// <summary>Whether one has not had its turn.</summary>
    public bool HasUntried => First(Mark.Tried, 0) is not null;

    /// <summary>Whether a connection to one is being made.</summary>
    public bool AreOpening => First(Mark.Opening, Mark.Opening) is not null;

    /// <summary>The first one that has not had its turn, but says that it is there.</summary>
    public int? FirstThere => First(Mark.Tried | Mark.There, Mark.There);

    /// <summary>Whether it has had its turn.</summary>
    public bool IsTried(int server) => Has(server, Mark.Tried);

    /// <summary>It has its turn.</summary>
    public void Try(int server) => _marks[server] |= Mark.Tried;

    /// <summary>It may have another turn.</summary>
    public void TryAgain(int server) => _marks[server] &= ~Mark.Tried;

    /// <summary>The first one that has not had its turn; it has it now. Null: all had.</summary>
    public int? TakeUntried() => Take(Mark.Tried, 0, Mark.Tried);

    /// <summary>The first one that has not had its turn and was not asked yet; it is asked now. Null: there is none.</summary>
    public int? TakeUnasked() => Take(Mark.Tried | Mark.Asked, 0, Mark.Asked);

    /// <summary>Whether it said that it is there.</summary>
    public bool SaysItIsThere(int server) => Has(server, Mark.There);

    /// <summary>It says that it is there.</summary>
    public void IsThere(int server) => _marks[server] |= Mark.There;

    /// <summary>Whether a connection to it is being made.</summary>
    public bool IsOpening(int server) => Has(server, Mark.Opening);

    /// <summary>A connection to it is being made.</summary>
    public void BeginsToOpen(int server) => _marks[server] |= Mark.Opening;

    /// <summary>That came to an end. False: nobody waits for it any more.</summary>
    public bool EndsToOpen(int server)
    {
        bool was = Has(server, Mark.Opening);
        _marks[server] &= ~Mark.Opening;
        return was;
    }

    /// <summary>The first one to which a connection is still being made; it may have another turn. Null: there is none.</summary>
    public int? TakeOpening()
    {
        if (First(Mark.Opening, Mark.Opening) is not { } server)
        {
            return null;
        }

        _marks[server] &= ~(Mark.Opening | Mark.Tried);
        return server;
    }

    private bool Has(int server, Mark mark) => (_marks[server] & mark) != 0;

    private int? Take(Mark mask, Mark value, Mark taken)
    {
        int? server = First(mask, value);
        if (server is { } found)
        {
            _marks[found] |= taken;
        }

        return server;
    }

    private int? First(Mark mask, Mark value)
    {
        int found = Array.FindIndex(_marks, mark => (mark & mask) == value);
        return found < 0 ? null : found;
    }
}
