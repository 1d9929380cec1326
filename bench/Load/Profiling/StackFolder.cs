// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Counts equal call stacks in the output of <c>perf script</c>.</summary>
internal sealed class StackFolder
{
    private const int Deepest = 200;

    private readonly Dictionary<string, long> _stacks = [];
    private readonly List<string> _frames = [];

    /// <summary>The stacks, outermost frame first, frames separated by semicolons, and how often each was seen.</summary>
    public IReadOnlyDictionary<string, long> Stacks => _stacks;

    /// <summary>Takes one line; an empty one ends a stack.</summary>
    public void Add(string line)
    {
        if (line.Length == 0)
        {
            End();
        }
        else if (char.IsWhiteSpace(line[0]) && _frames.Count < Deepest && FrameName.Of(line) is { } frame)
        {
            _frames.Add(frame);
        }
    }

    /// <summary>Ends the last stack.</summary>
    public void End()
    {
        if (_frames.Count == 0)
        {
            return;
        }

        _frames.Reverse();
        string stack = string.Join(';', _frames);
        _stacks[stack] = _stacks.GetValueOrDefault(stack) + 1;
        _frames.Clear();
    }
}
