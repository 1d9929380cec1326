// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Threading.Channels;

namespace Isthmus.App.Phone;

/// <summary>A line that is being typed at a terminal, below what is said meanwhile: each key is heard, so that the other side can be told of it.</summary>
internal sealed class LineEditor
{
    private const int MostCharacters = 4000;
    private const string Clear = "\r\u001b[K";

    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();
    private readonly Action _typing;

    public LineEditor(Action typing) => _typing = typing;

    /// <summary>Writes a line above the one that is being typed.</summary>
    public void WriteAbove(string text)
    {
        lock (_gate)
        {
            Console.Write($"{Clear}{text}{Environment.NewLine}");
            Draw();
        }
    }

    /// <summary>The lines that are typed, until Ctrl-D. Reading keys blocks and cannot be interrupted, so a thread of its own does it, which ends with the program.</summary>
    public ChannelReader<string> Lines()
    {
        var lines = Channel.CreateUnbounded<string>(); // as fast as somebody types
        new Thread(() =>
        {
            while (Press(Console.ReadKey(intercept: true), lines.Writer))
            {
                // The next key.
            }

            lines.Writer.Complete();
        })
        {
            IsBackground = true,
            Name = "keyboard",
        }.Start();
        return lines.Reader;
    }

    private bool Press(ConsoleKeyInfo key, ChannelWriter<string> lines)
    {
        lock (_gate)
        {
            switch (key)
            {
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Length == 0:
                    return false;
                case { Key: ConsoleKey.Enter }:
                    lines.TryWrite(_line.ToString());
                    _line.Clear();
                    Console.Write(Clear); // what becomes of the line is said above
                    return true;
                case { Key: ConsoleKey.Backspace } when _line.Length > 0:
                    _line.Length -= _line.Length > 1 && char.IsLowSurrogate(_line[^1]) ? 2 : 1;
                    break;
                case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                    _line.Clear();
                    break;
                default:
                    if (char.IsControl(key.KeyChar) || _line.Length == MostCharacters)
                    {
                        return true;
                    }

                    _line.Append(key.KeyChar);
                    break;
            }

            Draw();
        }

        _typing();
        return true;
    }

    // The end of the line that fits: the cursor stays in one row.
    private void Draw()
    {
        string line = _line.ToString();
        int width = Math.Max(8, Console.WindowWidth - 1);
        Console.Write(Clear + (line.Length <= width ? line : line[^width..]));
    }
}
