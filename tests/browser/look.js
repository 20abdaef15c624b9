// What a notebook shows: counts of outputs, and the contrast of every text in a display of gxstats.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const outputs = '.jp-OutputArea-output';
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  // Any CSS colour as red, green, blue (0 to 255) and opacity (0 to 1).
  const colour = (text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (above, below, opacity = 1) =>
    [0, 1, 2].map((i) => above[i] * above[3] * opacity + below[i] * (1 - above[3] * opacity)).concat(1);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const readable = (element) => {
    const line = [];
    for (let each = element; each; each = each.parentElement) line.unshift(getComputedStyle(each));
    const ground = line.reduce((below, style) => over(colour(style.backgroundColor), below), [255, 255, 255, 1]);
    const opacity = line.reduce((product, style) => product * Number(style.opacity), 1);
    const ink = over(colour(getComputedStyle(element).color), ground, opacity);
    return Math.round(contrast(ink, ground) * 100) / 100;
  };
  const ownText = (element) =>
    [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');

  return {
    errors: all(`${outputs}[data-mime-type$="jupyter.error"], ${outputs}[data-mime-type$="jupyter.stderr"]`)
      .map((output) => output.textContent),
    notRun: all('.jp-CodeCell .jp-InputPrompt').filter((count) => !/\[\d+\]/.test(count.textContent)).length,
    tables: all(`${outputs} table.dataframe`).filter((table) => table.offsetHeight > 20).length,
    figures: all(`${outputs} img, ${outputs} svg`).filter((image) => image.getBoundingClientRect().width > 200).length,
    reports: all(`${outputs} .gx table.gx-form`).length && all(`${outputs} .gx`).length,
    explanations: all(`${outputs} .gx-explain`).filter((each) => each.querySelector('.gx-mark')).length,
    texts: all('.gx, .gx *, .gx-explain, .gx-explain *')
      .filter((element) => ownText(element) && element.tagName !== 'STYLE' && element.offsetHeight > 0)
      .map((element) => ({
        text: ownText(element).slice(0, 40), where: `${element.tagName}.${element.className}`, contrast: readable(element),
      })),
  };
}
